-- The element of start_runs that a slot of a schedule stands for; without a slot (run now) the part that all its runs share.
-- The slot is in the idempotency key, so that it is one run however often and by whomever it is fired, and it is the run's run_at.
create or replace function workflow.schedule_request(p_schedule workflow.workflow_schedules, p_slot timestamptz)
  returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select jsonb_build_object(
           'tenant_id', p_schedule.tenant_id,
           'workflow',  p_schedule.workflow,
           'input',     p_schedule.input,
           'labels',    jsonb_build_object('schedule', p_schedule.name) || p_schedule.labels,
           'priority',  (array['low', 'normal', 'high'])[p_schedule.priority + 1])
         || case when p_schedule.version is null then '{}' else jsonb_build_object('version', p_schedule.version) end
         || case when p_slot is null then '{}'
                 else jsonb_build_object('idempotency_key', 'schedule/' || p_schedule.name || '/' || s.slot, 'run_at', s.slot) end
    from (select to_char(p_slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) s(slot)
$$;
