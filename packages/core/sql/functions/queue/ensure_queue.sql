-- Makes a queue where there is none: three unlogged pgmq queues, one for each priority. Twice is once.
-- Beside pgmq's own indexes (by id, by the time of visibility) one finds messages by the run that they name.
-- Errors:  WF110 bad_queue
create or replace function workflow.ensure_queue(p_queue text)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_name text;
begin
  if p_queue is null or p_queue !~ '^[a-z][a-z0-9_]{0,40}$' then
    perform workflow.refuse('WF110', format('queue name "%s" must match ^[a-z][a-z0-9_]{0,40}$', p_queue), 'queue');
  end if;
  if exists (select from workflow.queues q where q.name = p_queue) then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('workflow.queue:' || p_queue, 0));
  if exists (select from workflow.queues q where q.name = p_queue) then
    return;
  end if;

  for v_name in select workflow.pgmq_name(p_queue, p) from generate_series(0, 2) p loop
    perform pgmq.create_unlogged(v_name);
    execute format('drop index if exists pgmq.%I', 'q_' || v_name || '_vt_idx');
    execute format('create index %I on pgmq.%I (vt)', 'q_' || v_name || '_waiting', 'q_' || v_name);
    execute format('create index %I on pgmq.%I ((message ->> ''run_id''))', 'q_' || v_name || '_run', 'q_' || v_name);
    execute format('alter table pgmq.%I set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
                    autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_threshold = 1000000000)', 'q_' || v_name);
  end loop;
  perform workflow.compile_queue(p_queue);
  insert into workflow.queues (name, created_at) values (p_queue, workflow.clock());
end $$;
