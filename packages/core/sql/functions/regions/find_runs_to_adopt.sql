-- Finds what must be adopted (R8). A group that has become this region's own is noted, one that is another's again is forgotten; then the open runs are
-- walked, p_limit rows a call, and at last what finished after the tick up to which everybody has what its writer wrote.
-- The walk begins at the horizon, for which guarded apply lowers it where an open run arrives from before it.
-- Leader only (lease failover-monitor). Returns how many runs it looked at and how many it found; call again while looked = p_limit.
-- Errors:  WF302 lease_lost
create or replace function workflow.find_runs_to_adopt(p_token bigint, p_limit int)
  returns table (looked int, noted int)
  language plpgsql volatile security definer
  set search_path = ''
  set enable_seqscan = off
  set enable_sort = off
as $$
declare
  v_after uuid;
  v_last  uuid;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  perform workflow.note_adoptions();
  v_after := (select a.reached from workflow.adoptions a where a.reached is not null order by a.reached limit 1);
  if v_after is null then
    return query select 0, 0;
    return;
  end if;

  with seen as materialized (
    select r.run_id, r.tenant_id, r.placement_group, r.home_epoch, r.finished_at
      from workflow.workflow_runs r
     where r.run_id > v_after and r.run_id >= (select h.oldest_open_run_id from workflow.run_horizon h)
     order by r.run_id
     limit p_limit
  ), work as (
    insert into workflow.adoption_work (placement_group, run_id)
    select a.placement_group, s.run_id
      from seen s
      join workflow.adoptions a on a.placement_group = workflow.group_of_row(s.tenant_id, s.placement_group)
     where s.finished_at is null and s.home_epoch < a.tenure and a.reached is not null
    on conflict do nothing
    returning run_id
  )
  select (select count(*) from seen), (select s.run_id from seen s order by s.run_id desc limit 1), (select count(*) from work)
    into looked, v_last, noted;

  if looked < p_limit then
    noted := noted + workflow.find_finished_to_adopt();
    update workflow.adoptions a set reached = null where a.reached is not null;
  else
    update workflow.adoptions a set reached = v_last where a.reached < v_last;
  end if;
  return next;
end $$;
