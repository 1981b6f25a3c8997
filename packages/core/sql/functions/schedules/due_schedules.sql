-- The schedules whose next slot may fire now, longest due first, with all that is needed to compute which slots that are.
-- missed_before: what was due before nobody could fire: when the lease scheduler was taken, less schedule_grace_ms. So a slot that is late because
-- the leader has many of them is not a missed one, and neither is one that fell into a failover.
-- Of several regions each sees those that are at home there: the others' stay due here for as long as their rows are on the way.
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
  v_mesh   boolean := exists (select from workflow.mesh);
  v_own    uuid := workflow.own_member();
begin
  perform workflow.check_batch(p_limit, 'limit');
  if v_mesh and workflow.lease_left_ms() is null then
    return;
  end if;
  select l.acquired_at - workflow.limit_of('schedule_grace_ms') * interval '1 millisecond' into v_missed
    from workflow.leases l where l.name = 'scheduler';
  return query
    select s.tenant_id, s.name, s.revision, s.cron, s.time_zone, s.catch_up, s.catch_up_max, s.next_fire_at,
           workflow.schedule_offset_ms(s.tenant_id, s.name, s.jitter_ms), octet_length(s.input::text), v_now, coalesce(v_missed, v_now)
      from workflow.workflow_schedules s
     where s.due_at <= v_now
       and (not v_mesh or exists (select from workflow.placement p
                                   where p.placement_group = workflow.group_of_row(s.tenant_id, s.placement_group) and p.member_id = v_own
                                     and p.tenure = s.home_epoch and workflow.is_adopted(p)
                                     and not exists (select from workflow.group_moves m where m.placement_group = p.placement_group)))
     order by s.due_at
     limit p_limit;
end $$;
