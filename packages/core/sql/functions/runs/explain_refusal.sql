-- Why a request of start_runs is refused: the code that the client sees, the sentence and the field. p_judged: the judgement's own name.
create or replace function workflow.explain_refusal(p_judged text, p_request jsonb, p_root_map text, out code text, out message text, out field text)
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_workflow text := p_request ->> 'workflow';
begin
  code  := case when p_judged in ('bad_priority', 'bad_durability', 'bad_run_id') then 'invalid_request' else p_judged end;
  field := case p_judged
    when 'bad_tenant_id' then 'tenant_id' when 'unknown_workflow' then 'workflow' when 'unknown_version' then 'version'
    when 'bad_idempotency_key' then 'idempotency_key' when 'bad_run_id' then 'run_id' when 'bad_priority' then 'priority' when 'bad_durability' then 'durability'
    when 'quorum_impossible' then 'durability' when 'bad_time' then 'deadline' when 'bad_labels' then 'labels' else 'input' end;
  message := case p_judged
    when 'bad_tenant_id'       then format('tenant_id must have 1 to %s characters', workflow.limit_of('tenant_id_chars_max'))
    when 'unknown_workflow'    then format('there is no workflow named %s', coalesce(v_workflow, 'null'))
    when 'unknown_version'     then format('workflow %s has no version %s', v_workflow, p_request ->> 'version')
    when 'bad_idempotency_key' then format('idempotency_key must have 1 to %s characters', workflow.limit_of('idempotency_key_chars_max'))
    when 'bad_run_id'          then 'run_id is given twice in one call'
    when 'bad_priority'        then format('priority must be low, normal or high, not %s', p_request ->> 'priority')
    when 'bad_durability'      then format('durability must be local or quorum, not %s', p_request ->> 'durability')
    when 'quorum_impossible'   then 'there is no other region that could confirm: durability must be local'
    when 'bad_time'            then 'deadline must be later than now and than run_at'
    when 'bad_labels'          then workflow.what_is_wrong_with_labels(p_request -> 'labels')
    when 'type_violation'      then format('workflow %s maps over its input with step %s: the input must be an array, not %s', v_workflow, p_root_map,
                                           coalesce(jsonb_typeof(p_request -> 'input'), 'null'))
    when 'map_too_large'       then format('step %s of workflow %s would map over %s elements; at most %s are allowed', p_root_map, v_workflow,
                                           jsonb_array_length(p_request -> 'input'), workflow.limit_of('map_elements_max')) end;
end $$;
