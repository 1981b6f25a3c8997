-- Stores a schedule. The same one again (all that a client may set) is answered as it stands, created false; another one of this name is refused.
-- p_schedule: {tenant_id, name, cron, time_zone, workflow, version?, input?, labels?, priority?, catch_up?, catch_up_max?, jitter_ms?, paused?,
--              next_fire_at: the first slot after now, null where paused}
-- Errors:  those of check_schedule; WF402 schedule_exists, WF217 bad_time, WF218 not_home
create or replace function workflow.create_schedule(p_schedule jsonb)
  returns table (created boolean, tenant_id text, name text, residency text, home_epoch bigint, revision bigint, written_tick bigint,
                 placement_group text, cron text, time_zone text, workflow text, version int, input jsonb, labels jsonb, priority smallint,
                 catch_up text, catch_up_max int, jitter_ms int, paused boolean, next_fire_at timestamptz, due_at timestamptz,
                 last_slot_at timestamptz, last_run_id uuid, last_error jsonb, created_at timestamptz, updated_at timestamptz, deleted_at timestamptz)
  language plpgsql security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now  timestamptz;
  v_home record;
  v_old  workflow.workflow_schedules;
  v_new  workflow.workflow_schedules;
begin
  if p_schedule is null or jsonb_typeof(p_schedule) <> 'object' then
    perform workflow.refuse('WF001', 'a schedule must be an object', 'schedule');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(format('workflow.schedule:%s/%s', p_schedule ->> 'tenant_id', p_schedule ->> 'name'), 0));
  v_now := workflow.clock();
  v_new := jsonb_populate_record(v_new, jsonb_build_object(
    'tenant_id', p_schedule ->> 'tenant_id', 'name', p_schedule ->> 'name', 'residency', 'global', 'revision', 1, 'priority', 1,
    'catch_up', 'one', 'catch_up_max', 100, 'jitter_ms', 0, 'paused', false, 'created_at', v_now, 'updated_at', v_now));
  v_new := workflow.draft_schedule(v_new, p_schedule);
  perform workflow.check_schedule(v_new, v_now);
  if v_new.next_fire_at < v_now - interval '1 minute' then
    perform workflow.refuse('WF217', 'the first slot is past', 'next_fire_at');
  end if;
  v_home := workflow.assert_tenant_home(v_new.tenant_id);

  select s.* into v_old
    from workflow.workflow_schedules s where s.tenant_id = v_new.tenant_id and s.name = v_new.name and s.residency = 'global' for update;
  if v_old.deleted_at is null and v_old.name is not null then
    if (v_old.cron, v_old.time_zone, v_old.workflow, v_old.version, v_old.input, v_old.labels, v_old.priority, v_old.catch_up, v_old.catch_up_max,
        v_old.jitter_ms, v_old.paused)
       is distinct from
       (v_new.cron, v_new.time_zone, v_new.workflow, v_new.version, v_new.input, v_new.labels, v_new.priority, v_new.catch_up, v_new.catch_up_max,
        v_new.jitter_ms, v_new.paused) then
      perform workflow.refuse('WF402', format('tenant %s has another schedule named %s', v_new.tenant_id, v_new.name), 'name');
    end if;
    return query select false, (v_old).*;
    return;
  end if;
  v_new.revision        := coalesce(v_old.revision, 0) + 1;
  v_new.home_epoch      := v_home.home_epoch;
  v_new.written_tick    := v_home.written_tick;
  v_new.placement_group := workflow.hash_group_of('global', v_new.tenant_id);
  return query select true, s.* from workflow.store_schedule(v_new) s;
end $$;
