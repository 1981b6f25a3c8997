-- Puts the triggers of guarded apply (sql/triggers) on the replicated tables, for replicas only: local sessions never run them. Called before the
-- first link is made. One region alone has none: a trigger before update makes every local update lock its row first, fired or not.
-- p_if_armed: only where they stand already, so that a migration brings them up to date. Twice is once.
-- Locks:   each table against writers, for a moment. Returns whether the guards stand.
create or replace function workflow.arm_guards(p_if_armed boolean default false)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_guard record;
begin
  if p_if_armed and not exists (select from pg_catalog.pg_trigger t where t.tgname = 'guard_insert' and t.tgrelid = 'workflow.workflow_runs'::regclass) then
    return false;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('workflow.arm_guards', 0));
  for v_guard in
    with replicated(tab, guard, keys, update_when) as (
      values ('workflow_runs',        'guard_run',      '', 'tenure'),
             ('step_states',          'guard_step',     '', 'tenure'),
             ('step_tasks',           'guard_task',     '', 'tenure'),
             ('step_attempts',        'guard_attempt',  '', 'tenure'),
             ('run_deletions',        'guard_deletion', '', 'tenure'),
             ('workflow_definitions', 'guard_row', 'definition_id, writer, residency',       'tenure'),
             ('workflow_schedules',   'guard_row', 'tenant_id, name, residency',             'tenure'),
             ('group_adoptions',      'guard_row', 'placement_group, home_epoch, residency', 'tenure'),
             ('run_request_outcomes', 'guard_row', 'request_id, home_epoch, residency',      'tenure'),
             ('stream_ledger',        'guard_row', 'writer, residency',                      'revision'),
             ('run_requests',         'guard_row', 'request_id, residency',                  null)
    )
    select r.tab, 'guard_insert' as name, format('%I(%s)', r.guard, r.keys) as call, 'before insert' as event,
           'pg_trigger_depth() = 0' as condition  -- what a guard puts itself is not asked again
      from replicated r
    union all
    select r.tab, 'guard_update', 'guard_update()', 'before update',
           case r.update_when when 'tenure' then 'new.home_epoch <> old.home_epoch or ' else '' end || 'new.revision <> old.revision + 1'
      from replicated r where r.update_when is not null
    union all
    values ('workflow_definitions', 'derive_definition', 'derive_definition()', 'after insert', 'true'),
           ('workflow_runs',        'note_late',         'note_late_runs()',    'after insert or update', 'true'),
           ('workflow_schedules',   'note_late',         'note_late_others()',  'after insert or update', 'true'),
           ('run_deletions',        'note_late',         'note_late_others()',  'after insert',           'true')
  loop
    execute format('create or replace trigger %I %s on workflow.%I for each row when (%s) execute function workflow.%s',
                   v_guard.name, v_guard.event, v_guard.tab, v_guard.condition, v_guard.call);
    execute format('alter table workflow.%I enable replica trigger %I', v_guard.tab, v_guard.name);
  end loop;
  return true;
end $$;
