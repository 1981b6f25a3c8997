-- Reads the elements of start_runs, resolves each one's definition, and judges it: code stays null where the run may start.
-- The request hash is over the canonical JSON (jsonb's own text) of all that the client asked for but tenant and key.
-- Errors:  WF001 invalid_request, WF002 batch_too_large; an element's code is the name that domain/errors.ts gives the SQLSTATE
create or replace function workflow.judge_run_requests(p_requests jsonb, p_now timestamptz)
  returns workflow.run_request[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_batch_max  bigint := workflow.limit_of('batch_max');
  v_map_max    bigint := workflow.limit_of('map_elements_max');
  v_tenant_max bigint := workflow.limit_of('tenant_id_chars_max');
  v_key_max    bigint := workflow.limit_of('idempotency_key_chars_max');
begin
  if p_requests is null or jsonb_typeof(p_requests) <> 'array' then
    perform workflow.refuse('WF001', 'requests must be an array', 'requests');
  elsif jsonb_array_length(p_requests) > v_batch_max then
    perform workflow.refuse('WF002', format('%s requests in one call; at most %s are allowed', jsonb_array_length(p_requests), v_batch_max),
                            'requests', jsonb_build_object('batch_max', v_batch_max));
  end if;

  return array(
    select row(a.ordinality, coalesce(e.run_id, workflow.new_run_id()), e.tenant_id, e.workflow, v.definition_id, v.total_steps,
               coalesce(e.input, 'null'), e.idempotency_key,
               case when e.idempotency_key is not null
                    then sha256(convert_to((a.value - array['tenant_id', 'idempotency_key', 'run_id'])::text, 'UTF8')) end,
               p.priority, coalesce(e.durability, 'local'), coalesce(e.labels, '{}'), e.run_at, e.deadline, e.parent_run_id,
               w.code, w.message, w.field)::workflow.run_request
      from jsonb_array_elements(p_requests) with ordinality a
     cross join lateral jsonb_to_record(a.value)
             as e(run_id uuid, tenant_id text, workflow text, version int, input jsonb, idempotency_key text, run_at timestamptz,
                  deadline timestamptz, priority text, labels jsonb, durability text, parent_run_id uuid)
     cross join lateral (select case coalesce(e.priority, 'normal') when 'low' then 0 when 'normal' then 1 when 'high' then 2 end::smallint) p(priority)
      left join workflow.workflow_versions v
        on v.slug = e.workflow and (case when e.version is null then v.active else v.version = e.version end)
      left join lateral (select c.code, c.message, c.field from (values
        ('bad_tenant_id', 'tenant_id', format('tenant_id must have 1 to %s characters', v_tenant_max),
           coalesce(length(e.tenant_id) not between 1 and v_tenant_max, true)),
        ('unknown_workflow', 'workflow', format('there is no workflow named %s', e.workflow), v.slug is null and e.version is null),
        ('unknown_version', 'version', format('workflow %s has no version %s', e.workflow, e.version), v.slug is null and e.version is not null),
        ('bad_idempotency_key', 'idempotency_key', format('idempotency_key must have 1 to %s characters', v_key_max),
           length(e.idempotency_key) not between 1 and v_key_max),
        ('invalid_request', 'priority', format('priority must be low, normal or high, not %s', e.priority), p.priority is null),
        ('invalid_request', 'durability', format('durability must be local or quorum, not %s', e.durability), e.durability not in ('local', 'quorum')),
        ('quorum_impossible', 'durability', 'there is no other region that could confirm: durability must be local', e.durability = 'quorum'),
        ('bad_time', 'deadline', 'deadline must be later than now and than run_at', e.deadline <= greatest(p_now, e.run_at)),
        ('bad_labels', 'labels', workflow.what_is_wrong_with_labels(e.labels), workflow.what_is_wrong_with_labels(e.labels) is not null),
        ('type_violation', 'input', format('workflow %s maps over its input with step %s: the input must be an array, not %s', e.workflow,
           v.root_map, jsonb_typeof(coalesce(e.input, 'null'))), v.root_map is not null and jsonb_typeof(coalesce(e.input, 'null')) <> 'array'),
        ('map_too_large', 'input', format('step %s of workflow %s would map over more than %s elements', v.root_map, e.workflow, v_map_max),
           case when v.root_map is not null and jsonb_typeof(e.input) = 'array' then jsonb_array_length(e.input) > v_map_max end)
        ) as c(code, field, message, is_wrong) where c.is_wrong limit 1) w on true
     order by a.ordinality);
end $$;
