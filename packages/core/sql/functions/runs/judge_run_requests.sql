-- Reads the elements of start_runs, resolves each one's definition, and judges it: code stays null where the run may start.
-- Durability: what the element says, else the tenant's default, else local; quorum where another region of the tenant's zone could confirm.
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
  v_limits     bigint[] := workflow.limits_of('batch_max', 'map_elements_max', 'tenant_id_chars_max', 'idempotency_key_chars_max');
  v_batch_max  bigint := v_limits[1];
  v_map_max    bigint := v_limits[2];
  v_tenant_max bigint := v_limits[3];
  v_key_max    bigint := v_limits[4];
  v_repeated   bigint[] := '{}';  -- ordinals of elements whose run id an earlier one has
begin
  if p_requests is null or jsonb_typeof(p_requests) <> 'array' then
    perform workflow.refuse('WF001', 'requests must be an array', 'requests');
  elsif jsonb_array_length(p_requests) > v_batch_max then
    perform workflow.refuse('WF002', format('%s requests in one call; at most %s are allowed', jsonb_array_length(p_requests), v_batch_max),
                            'requests', jsonb_build_object('batch_max', v_batch_max));
  end if;

  if p_requests @? '$[*].run_id' then
    v_repeated := array(select c.ordinality
                          from (select x.ordinality, x.value ->> 'run_id' as run_id,
                                       row_number() over (partition by lower(x.value ->> 'run_id') order by x.ordinality) as copy
                                  from jsonb_array_elements(p_requests) with ordinality x) c
                         where c.copy > 1 and c.run_id is not null);
  end if;
  return array(
    select row(a.ordinality, coalesce(e.run_id, workflow.new_run_id()), e.tenant_id, e.workflow, v.definition_id, v.total_steps,
               coalesce(e.input, 'null'), e.idempotency_key,
               case when e.idempotency_key is not null
                    then sha256(convert_to((a.value - array['tenant_id', 'idempotency_key', 'run_id'])::text, 'UTF8')) end,
               p.priority, d.durability, coalesce(e.labels, '{}'), e.run_at, e.deadline, e.parent_run_id,
               w.code, w.message, w.field, v.total_leaves)::workflow.run_request
      from jsonb_array_elements(p_requests) with ordinality a
     cross join lateral jsonb_to_record(a.value)
             as e(run_id uuid, tenant_id text, workflow text, version int, input jsonb, idempotency_key text, run_at timestamptz,
                  deadline timestamptz, priority text, labels jsonb, durability text, parent_run_id uuid)
     cross join lateral (select case coalesce(e.priority, 'normal') when 'low' then 0 when 'normal' then 1 when 'high' then 2 end::smallint) p(priority)
      left join lateral (select x.* from workflow.workflow_versions x
                          where x.slug = e.workflow and (case when e.version is null then x.active else x.version = e.version end) limit 1) v on true
      left join lateral (select x.residency, x.default_durability from workflow.tenant_registry x where x.tenant_id = e.tenant_id limit 1) t on true
     cross join lateral (select coalesce(e.durability, t.default_durability, 'local')) d(durability)
     cross join lateral (select case
        when coalesce(length(e.tenant_id) not between 1 and v_tenant_max, true)              then 'bad_tenant_id'
        when v.slug is null and e.version is null                                            then 'unknown_workflow'
        when v.slug is null                                                                  then 'unknown_version'
        when length(e.idempotency_key) not between 1 and v_key_max                           then 'bad_idempotency_key'
        when a.ordinality = any (v_repeated)                                                then 'bad_run_id'
        when p.priority is null                                                              then 'bad_priority'
        when d.durability not in ('local', 'quorum')                                         then 'bad_durability'
        when d.durability = 'quorum' and not workflow.has_quorum(coalesce(t.residency, 'global')) then 'quorum_impossible'
        when e.deadline <= greatest(p_now, e.run_at)                                         then 'bad_time'
        when e.labels is not null and workflow.what_is_wrong_with_labels(e.labels) is not null then 'bad_labels'
        when v.root_map is not null and coalesce(jsonb_typeof(e.input), 'null') <> 'array'   then 'type_violation'
        when v.root_map is not null and jsonb_array_length(e.input) > v_map_max              then 'map_too_large' end as code) judged
      left join lateral workflow.explain_refusal(judged.code, a.value, v.root_map) w on judged.code is not null
     order by a.ordinality);
end $$;
