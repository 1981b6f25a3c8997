-- Starts one run of a schedule at once, paused or not; its slots are not touched. With a key twice is once; without one each call is a run.
-- Returns the answer of start_runs. Errors: WF401 schedule_not_found; otherwise in the answer: outcome, code, message, field
create or replace function workflow.run_schedule_now(p_tenant text, p_name text, p_idempotency_key text default null)
  returns table (ordinal int, outcome text, run_id uuid, status text, code text, message text, field text, queues text[], durability text)
  language plpgsql security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_request jsonb;
begin
  select workflow.schedule_request(s, null) into v_request
    from workflow.workflow_schedules s where s.tenant_id = p_tenant and s.name = p_name and s.residency = 'global' and s.deleted_at is null;
  if not found then
    perform workflow.refuse('WF401', format('tenant %s has no schedule named %s', p_tenant, p_name), 'name');
  end if;
  if p_idempotency_key is not null then
    v_request := v_request || jsonb_build_object('idempotency_key', p_idempotency_key);
  end if;
  return query select * from workflow.start_runs(jsonb_build_array(v_request));
end $$;
