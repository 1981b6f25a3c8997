-- Removes requests whose outcome is older than p_before, with their outcomes: each region its own copies.
-- Leader only (lease scheduler). Limit: p_limit requests a call; call again while it is reached. Returns how many. Errors: WF302 lease_lost
create or replace function workflow.prune_run_requests(p_token bigint, p_before timestamptz, p_limit int)
  returns int
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_old uuid[];
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  v_old := array(
    select distinct o.request_id from workflow.run_request_outcomes o
     where o.decided_at < p_before
       and not exists (select from workflow.run_request_outcomes n where n.request_id = o.request_id and n.decided_at >= p_before)
     limit p_limit);
  delete from workflow.run_request_outcomes o where o.request_id = any (v_old);
  delete from workflow.run_requests q where q.request_id = any (v_old);
  return cardinality(v_old);
end $$;
