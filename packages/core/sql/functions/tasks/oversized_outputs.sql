-- Those of the reports whose output is over the bound, as failures that are not retried.
create or replace function workflow.oversized_outputs(p_reports workflow.held_report[])
  returns workflow.task_report[]
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_max bigint := workflow.limit_of('task_output_bytes_max');
begin
  return array(
    select row(p.ordinal, p.run_id, p.step_slug, p.task_index, p.attempt, null, null,
               jsonb_build_object('code', 'output_too_large', 'message',
                 format('the output has %s bytes; at most %s are allowed', p.output_bytes, v_max)),
               false, null, null)::workflow.task_report
      from unnest(p_reports) p
     where p.output_bytes > v_max);
end $$;
