-- Those of the reports whose output is over the bound, as failures that are not retried.
create or replace function workflow.oversized_outputs(p_reports workflow.task_report[], p_home uuid[], p_max bigint)
  returns workflow.task_report[]
  language sql immutable
  set search_path = ''
as $$
  select array(
    select row(p.ordinal, p.run_id, p.step_slug, p.task_index, p.attempt, p.message_id, p.queue, null, null,
               jsonb_build_object('code', 'output_too_large', 'message',
                 format('the output has %s bytes; at most %s are allowed', p.output_bytes, p_max)),
               false, null, null)::workflow.task_report
      from unnest(p_reports) p
     where p.output_bytes > p_max and p.run_id = any (p_home))
$$;
