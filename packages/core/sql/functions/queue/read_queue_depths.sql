-- What lies in every queue, by priority: messages, those that could be claimed now, those in flight, and the age of the oldest that could.
create or replace function workflow.read_queue_depths()
  returns table (queue text, priority text, depth bigint, visible bigint, in_flight bigint, oldest_seconds double precision)
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_now   timestamptz := workflow.clock();
  v_queue record;
begin
  for v_queue in
    select q.name, p.priority, workflow.pgmq_name(q.name, p.number) as pgmq
      from workflow.queues q, (values (0, 'low'), (1, 'normal'), (2, 'high')) p(number, priority)
     order by q.name, p.number
  loop
    return query execute format(
      'select $1, $2, count(*), count(*) filter (where m.read_ct = 0 and m.vt <= $3), count(*) filter (where m.read_ct > 0),
              coalesce(extract(epoch from $3 - min(m.vt) filter (where m.read_ct = 0 and m.vt <= $3)), 0)::double precision
         from pgmq.%I m', 'q_' || v_queue.pgmq)
      using v_queue.name, v_queue.priority, v_now;
  end loop;
end $$;
