-- Requests without an outcome whose tenants are at home here and may begin something now, oldest first.
create or replace function workflow.waiting_requests(p_limit int)
  returns workflow.run_requests[]
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_tenants text[] := array(
    select distinct q.tenant_id from workflow.run_requests q
     where not exists (select from workflow.run_request_outcomes o where o.request_id = q.request_id));
begin
  if cardinality(v_tenants) = 0 then
    return '{}';
  end if;
  return array(
    select q
      from workflow.assert_home(v_tenants, true) h
      join workflow.run_requests q on q.tenant_id = h.tenant_id
     where not exists (select from workflow.run_request_outcomes o where o.request_id = q.request_id)
     order by q.request_id
     limit p_limit);
end $$;
