-- Reads reports of completions and locks their runs in the order of their ids, like lock_runs, but in one statement and with all that is needed
-- of run and step: on the hot path every look at a row counts. Reports of runs that are gone, not at home
-- here, or of an older tenure, are left out.
-- json, not jsonb: an output's size is that of the text which the worker sent (null: 4 bytes).
-- Errors:  WF001 invalid_request, WF002 batch_too_large
create or replace function workflow.lock_reported_runs(p_results json)
  returns workflow.held_report[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_held    workflow.held_report[];
  v_tenants text[];
  v_tenures bigint[];
  v_home    text[];
begin
  perform workflow.check_reports(p_results);
  select array_agg(row(l.*)::workflow.held_report)
    into v_held
    from (select p.ordinal::int, p.run_id, p.step_slug, p.task_index, p.attempt, coalesce(p.output::jsonb, 'null'),
                 coalesce(octet_length(p.output::text), 4), r.tenant_id, r.residency, r.home_epoch, r.written_tick, r.workflow, r.definition_id,
                 r.status, r.priority, r.deadline, s.dependents, s.sole_leaf, r.durability
            from rows from (json_to_recordset(p_results) as (run_id uuid, step_slug text, task_index int, attempt int, output json))
                 with ordinality as p(run_id, step_slug, task_index, attempt, output, ordinal)
            join workflow.workflow_runs r on r.run_id = p.run_id
           cross join lateral (select w.dependents, w.sole_leaf from workflow.workflow_steps w
                                where w.definition_id = r.definition_id and w.step_slug = p.step_slug limit 1) s
           order by p.run_id, p.ordinal
             for no key update of r) l;

  if not exists (select from workflow.mesh) then
    return coalesce(v_held, '{}');  -- one region is home of all: assert_home would say so, for a twentieth of what a call with one report costs
  end if;
  select array_agg(t.tenant_id), array_agg(t.home_epoch) into v_tenants, v_tenures
    from (select distinct h.tenant_id, h.home_epoch from unnest(v_held) h) t;
  if workflow.all_at_home(v_tenants, v_tenures) then
    return coalesce(v_held, '{}');  -- as it is nearly always: an array of reports that is made anew costs more than the whole check
  end if;
  v_home := array(select a.home_epoch || '/' || a.tenant_id from workflow.assert_home(v_tenants) a);
  return array(select h from unnest(v_held) h where h.home_epoch || '/' || h.tenant_id = any (v_home));
end $$;
