-- What lies in every queue, by priority: waiting messages, those that could be claimed now, the age of the oldest that could, and the tasks in
-- flight that came from it.
create or replace function workflow.read_queue_depths()
  returns table (queue text, priority text, depth bigint, visible bigint, in_flight bigint, oldest_seconds double precision)
  language plpgsql stable security definer
  set search_path = ''
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_now    timestamptz := workflow.clock();
  v_flying jsonb;
  v_queue  record;
begin
  select coalesce(jsonb_object_agg(f.pgmq, f.tasks), '{}') into v_flying
    from (select workflow.pgmq_name(s.queue, r.priority) as pgmq, count(*) as tasks
            from workflow.tasks_in_flight() k
            join workflow.workflow_runs r on r.run_id = k.run_id
           cross join lateral (select x.* from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = k.step_slug limit 1) s
           group by s.queue, r.priority) f;
  for v_queue in
    select q.name, p.priority, workflow.pgmq_name(q.name, p.number) as pgmq
      from workflow.queues q, (values (0, 'low'), (1, 'normal'), (2, 'high')) p(number, priority)
     order by q.name, p.number
  loop
    return query execute format(
      'select $1, $2, count(*), count(*) filter (where m.vt <= $3), coalesce(($4 ->> $5)::bigint, 0),
              coalesce(extract(epoch from $3 - min(m.vt) filter (where m.vt <= $3)), 0)::double precision
         from pgmq.%I m', 'q_' || v_queue.pgmq)
      using v_queue.name, v_queue.priority, v_now, v_flying, v_queue.pgmq;
  end loop;
end $$;
