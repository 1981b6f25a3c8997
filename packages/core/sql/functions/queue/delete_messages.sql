-- Deletes messages by id, each only if it still names the task that it is said to be for: after a crash of the server an id from before
-- it may belong to another task's message. What is not there is not missed.
-- p_replaced: the caller holds the task, so every message that names it is to go. Where an id is gone (rebuild_queue gave the running task
-- another message) it is found by name; left behind, it would look like a lost claim of the next attempt once its time is over.
create or replace function workflow.delete_messages(p_messages workflow.message_ref[], p_replaced boolean default false)
  returns void
  language plpgsql security definer
  set search_path = ''
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_queue   text;
  v_asked   bigint;
  v_deleted bigint;
begin
  for v_queue, v_asked in
    select m.queue, count(*)
      from unnest(p_messages) m
      join workflow.queues known on known.name = left(m.queue, -3) and right(m.queue, 3) in ('_p0', '_p1', '_p2')
     group by m.queue
  loop
    execute format(
      'delete from pgmq.%I q
        using unnest($1) m
        where m.queue = $2 and q.msg_id = m.message_id
          and q.message = jsonb_build_object(''run_id'', m.run_id, ''step_slug'', m.step_slug, ''task_index'', m.task_index)',
      'q_' || v_queue)
      using p_messages, v_queue;
    get diagnostics v_deleted = row_count;
    if p_replaced and v_deleted < v_asked then
      execute format(
        'delete from pgmq.%I q
          using unnest($1) m
          where m.queue = $2 and q.message ->> ''run_id'' = m.run_id::text
            and q.message = jsonb_build_object(''run_id'', m.run_id, ''step_slug'', m.step_slug, ''task_index'', m.task_index)',
        'q_' || v_queue)
        using p_messages, v_queue;
    end if;
  end loop;
end $$;
