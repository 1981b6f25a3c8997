-- Removes runs that finished before a time, oldest first. Each region prunes its own copies, so it asks nobody whose home they have.
-- Leader only (lease scheduler). Limit: p_limit runs a call; call again while it is reached. Returns how many.
-- Errors:  WF302 lease_lost
create or replace function workflow.prune_runs(p_token bigint, p_before timestamptz, p_limit int)
  returns int
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
  set enable_sort = off
as $$
declare
  v_floor uuid := workflow.run_id_floor(p_before);
  v_old   uuid[];
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  v_old := array(
    select r.run_id
      from workflow.workflow_runs r
     where r.run_id < v_floor and r.finished_at < p_before
     order by r.run_id
     limit p_limit
       for update skip locked);
  perform workflow.erase_runs(v_old);
  return cardinality(v_old);
end $$;
