-- Keeps the messages of running tasks hidden: [{run_id, step_slug, task_index, attempt, message_id, queue}], those that this worker holds.
-- Only those past half of their time are written. A message is known by its id; where that is gone (after a crash of the server the task
-- was given another one, see rebuild_queue) by the task that it names.
-- Locks: skip locked; whoever holds a message is about to remove it, and a renewal never waits.
create or replace function workflow.renew_messages(p_worker uuid, p_in_flight jsonb, p_now timestamptz, p_visibility_ms bigint)
  returns void
  language plpgsql security definer
  set search_path = ''
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_until timestamptz := p_now + p_visibility_ms * interval '1 millisecond';
  v_half  timestamptz := p_now + p_visibility_ms * interval '500 microseconds';
  v_queue text;
  v_ids   bigint[];
begin
  for v_queue, v_ids in
    select h.queue, array_agg(h.message_id)
      from jsonb_to_recordset(p_in_flight) as h(queue text, message_id bigint)
      join workflow.queues known on known.name = left(h.queue, -3) and right(h.queue, 3) in ('_p0', '_p1', '_p2')
     group by h.queue
  loop
    execute format(
      'update pgmq.%1$I q set vt = $2
        where q.msg_id in (select h.msg_id from pgmq.%1$I h
                            where h.msg_id = any($1) and h.read_ct > 0 and h.vt < $3
                              for update skip locked)', 'q_' || v_queue)
      using v_ids, v_until, v_half;
    execute format(
      'with renamed as materialized (
         select f.run_id, f.step_slug, f.task_index
           from jsonb_to_recordset($1) as f(run_id uuid, step_slug text, task_index int, attempt int, message_id bigint, queue text)
           join workflow.step_tasks t on t.run_id = f.run_id and t.step_slug = f.step_slug and t.task_index = f.task_index
          where f.queue = $4 and t.status = ''started'' and t.attempt = f.attempt and t.worker_id = $5
            and not exists (select from pgmq.%1$I x where x.msg_id = f.message_id)
       )
       update pgmq.%1$I q set vt = $2
        where q.msg_id in (select h.msg_id
                             from renamed f
                             join pgmq.%1$I h
                               on h.message ->> ''run_id'' = f.run_id::text
                              and h.message = jsonb_build_object(''run_id'', f.run_id, ''step_slug'', f.step_slug, ''task_index'', f.task_index)
                            where h.read_ct > 0 and h.vt < $3
                              for update of h skip locked)', 'q_' || v_queue)
      using p_in_flight, v_until, v_half, v_queue, p_worker;
  end loop;
end $$;
