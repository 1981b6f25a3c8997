-- The reports of a worker as rows. json, not jsonb: an output's size is that of the text which the worker sent (null: 4 bytes).
-- Errors:  WF001 invalid_request, WF002 batch_too_large
create or replace function workflow.read_reports(p_reports json)
  returns workflow.task_report[]
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  perform workflow.check_reports(p_reports);
  return array(
    select row(r.ordinal, r.run_id, r.step_slug, r.task_index, r.attempt, coalesce(r.output::jsonb, 'null'),
               coalesce(octet_length(r.output::text), 4), workflow.trim_error(r.error), coalesce(r.retryable, true), r.retry_after_ms,
               r.reason)::workflow.task_report
      from rows from (json_to_recordset(p_reports)
                   as (run_id uuid, step_slug text, task_index int, attempt int, output json, error jsonb,
                       retryable boolean, retry_after_ms bigint, reason text))
           with ordinality
        as r(run_id, step_slug, task_index, attempt, output, error, retryable, retry_after_ms, reason, ordinal));
end $$;
