-- Refuses what is no batch of reports. Errors: WF001 invalid_request, WF002 batch_too_large
create or replace function workflow.check_reports(p_reports json)
  returns void
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
begin
  if p_reports is null or json_typeof(p_reports) <> 'array' then
    perform workflow.refuse('WF001', 'reports must be an array', 'reports');
  elsif json_array_length(p_reports) > workflow.limit_of('batch_max') then
    perform workflow.check_batch(json_array_length(p_reports), 'reports');
  end if;
end $$;
