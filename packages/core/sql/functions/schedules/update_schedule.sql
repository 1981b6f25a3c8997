-- Changes the fields of a schedule that p_change has; the others stay. A new cron expression or time zone, and the end of a pause, begin anew with
-- next_fire_at, the first slot after now: what was missed until then, or passed while it was paused, is not caught up.
-- p_change: {cron?, time_zone?, workflow?, version?, input?, labels?, priority?, catch_up?, catch_up_max?, jitter_ms?, paused?, next_fire_at?}
-- p_revision: of the row that next_fire_at was computed for; null where nothing was
-- Errors:  those of check_schedule; WF401 schedule_not_found, WF406 schedule_changed, WF407 next_slot_needed (facts: what to compute it from), WF217 bad_time,
--          WF218 not_home
create or replace function workflow.update_schedule(p_tenant text, p_name text, p_change jsonb, p_revision bigint default null)
  returns setof workflow.workflow_schedules
  language plpgsql security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now  timestamptz;
  v_home record := workflow.assert_tenant_home(p_tenant);
  v_old  workflow.workflow_schedules;
  v_new  workflow.workflow_schedules;
begin
  if p_change is null or jsonb_typeof(p_change) <> 'object' then
    perform workflow.refuse('WF001', 'a change must be an object', 'change');
  end if;
  select s.* into v_old
    from workflow.workflow_schedules s where s.tenant_id = p_tenant and s.name = p_name and s.residency = 'global' and s.deleted_at is null for update;
  if not found then
    perform workflow.refuse('WF401', format('tenant %s has no schedule named %s', p_tenant, p_name), 'name');
  elsif p_revision <> v_old.revision then
    perform workflow.refuse('WF406', format('schedule %s has changed in the meantime', p_name), 'revision', jsonb_build_object('revision', v_old.revision));
  end if;
  v_now := workflow.clock();
  v_new := workflow.draft_schedule(v_old, p_change);
  if not v_new.paused and not p_change ? 'next_fire_at'
     and (v_old.paused or v_new.cron <> v_old.cron or v_new.time_zone <> v_old.time_zone) then
    perform workflow.refuse('WF407', 'the next slot of this change must be given', 'next_fire_at',
                            jsonb_build_object('cron', v_new.cron, 'time_zone', v_new.time_zone, 'revision', v_old.revision));
  elsif p_change ? 'next_fire_at' and v_new.next_fire_at < v_now - interval '1 minute' then
    perform workflow.refuse('WF217', 'the next slot is past', 'next_fire_at');
  end if;
  perform workflow.check_schedule(v_new, v_now);
  if v_new is not distinct from v_old then
    return next v_old;
    return;
  end if;

  v_new.revision     := v_old.revision + 1;
  v_new.home_epoch   := v_home.home_epoch;
  v_new.written_tick := v_home.written_tick;
  v_new.last_error   := null;
  v_new.updated_at   := v_now;
  return query select s.* from workflow.store_schedule(v_new) s;
end $$;
