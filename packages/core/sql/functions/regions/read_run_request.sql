-- What has become of a submission that was taken for its home (R12): requested until the home has judged it, then the outcome of the highest tenure.
-- Nothing where there is no such request (any more).
create or replace function workflow.read_run_request(p_request_id uuid)
  returns table (request_id uuid, tenant_id text, workflow text, outcome text, run_id uuid, code text, message text, requested_at timestamptz,
                 decided_at timestamptz, request jsonb)
  language sql stable security definer
  set search_path = ''
as $$
  select q.request_id, q.tenant_id, q.request ->> 'workflow', coalesce(o.outcome, 'requested'), o.run_id, o.code, o.message, q.requested_at, o.decided_at,
         q.request
    from workflow.run_requests q
    left join lateral (select x.* from workflow.run_request_outcomes x where x.request_id = q.request_id order by x.home_epoch desc limit 1) o on true
   where q.request_id = p_request_id
$$;
