-- Refuses a batch over the bound batch_max. Errors: WF001 invalid_request (no batch), WF002 batch_too_large
create or replace function workflow.check_batch(p_size int, p_field text)
  returns void
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_max bigint := workflow.limit_of('batch_max');
begin
  if p_size is null then
    perform workflow.refuse('WF001', format('%s must be an array', p_field), p_field);
  elsif p_size > v_max then
    perform workflow.refuse('WF002', format('%s elements in %s; at most %s are allowed', p_size, p_field, v_max), p_field,
                            jsonb_build_object('batch_max', v_max));
  end if;
end $$;
