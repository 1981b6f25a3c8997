-- The schedules whose next slot may fire now, longest due first, with all that is needed to compute which slots that are.
-- missed_before: what was due before nobody could fire: when the lease scheduler was taken, less schedule_grace_ms. So a slot that is late because
-- the leader has many of them is not a missed one, and neither is one that fell into a failover.
-- Limit: p_limit schedules; call again after firing them while it is reached. Errors: WF002 batch_too_large
create or replace function workflow.due_schedules(p_limit int)
  returns table (tenant_id text, name text, revision bigint, cron text, time_zone text, catch_up text, catch_up_max int, next_fire_at timestamptz,
                 offset_ms int, input_bytes int, now timestamptz, missed_before timestamptz)
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_now    timestamptz := workflow.clock();
  v_missed timestamptz;
begin
  perform workflow.check_batch(p_limit, 'limit');
  select l.acquired_at - workflow.limit_of('schedule_grace_ms') * interval '1 millisecond' into v_missed
    from workflow.leases l where l.name = 'scheduler';
  return query
    select s.tenant_id, s.name, s.revision, s.cron, s.time_zone, s.catch_up, s.catch_up_max, s.next_fire_at,
           workflow.schedule_offset_ms(s.tenant_id, s.name, s.jitter_ms), octet_length(s.input::text), v_now, coalesce(v_missed, v_now)
      from workflow.workflow_schedules s
     where s.due_at <= v_now
     order by s.due_at
     limit p_limit;
end $$;
