-- The laws of rows of runs, steps and tasks: what every row must fulfil, whoever writes it; one that is not in the list any more is repealed.
-- Called by the migrator when this text changed.
-- They are triggers with the law as their condition, not CHECKs, because PostgreSQL reads a CHECK's text anew in an apply worker for every row: a
-- trigger of the origin is passed over there before it is read, and what is copied was checked where it was written. At home they cost no more:
-- the function behind a trigger is called for what breaks its law only, and an update that sets no column of a law does not ask for it.
-- A law that is unknown (null) holds, as a CHECK would.
-- Locks:  each table against writers, to the end of the transaction
create or replace function workflow.enact_laws()
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_law     record;
  v_enacted text[] := '{}';
begin
  for v_law in
    select * from (values
        ('workflow_runs', 'run_status_known',          $l$new.status in ('scheduled', 'started', 'paused', 'completed', 'failed', 'cancelled')$l$),
        ('workflow_runs', 'priority_known',            $l$new.priority between 0 and 2$l$),
        ('workflow_runs', 'durability_known',          $l$new.durability in ('local', 'quorum')$l$),
        ('workflow_runs', 'remaining_leaves_in_range', $l$new.remaining_leaves between 0 and new.total_steps$l$),
        ('workflow_runs', 'finished_iff_final',        $l$(new.finished_at is not null) = (new.status in ('completed', 'failed', 'cancelled'))$l$),
        ('workflow_runs', 'output_iff_completed',      $l$(new.output is not null) = (new.status = 'completed')$l$),
        ('workflow_runs', 'paused_iff_paused',         $l$(new.paused_at is not null) = (new.status = 'paused')$l$),
        ('workflow_runs', 'an_open_run_has_no_error',  $l$new.error is null or new.status in ('failed', 'cancelled')$l$),
        ('workflow_runs', 'a_failed_run_has_an_error', $l$new.status <> 'failed' or new.error is not null$l$),
        ('workflow_runs', 'a_scheduled_run_has_not_started', $l$new.status <> 'scheduled' or new.started_at is null and new.run_at is not null$l$),
        ('workflow_runs', 'a_started_run_has_a_start', $l$new.status not in ('started', 'completed') or new.started_at is not null$l$),
        ('workflow_runs', 'a_completed_run_has_no_leaves_left', $l$new.status <> 'completed' or new.remaining_leaves = 0$l$),
        ('workflow_runs', 'a_key_has_a_hash',          $l$(new.idempotency_key is null) = (new.request_hash is null)$l$),

        ('step_states', 'step_status_known',        $l$new.status in ('created', 'started', 'completed', 'failed', 'skipped', 'cancelled')$l$),
        ('step_states', 'skip_reason_known',        $l$new.skip_reason in ('handler_failed', 'dependency_skipped', 'condition_unmet')$l$),
        ('step_states', 'remaining_deps_in_range',  $l$new.remaining_deps >= 0$l$),
        ('step_states', 'remaining_tasks_in_range', $l$new.remaining_tasks between 0 and new.initial_tasks$l$),
        ('step_states', 'tasks_known_together',     $l$(new.initial_tasks is null) = (new.remaining_tasks is null)$l$),
        ('step_states', 'finished_iff_final',       $l$(new.finished_at is not null) = (new.status in ('completed', 'failed', 'skipped', 'cancelled'))$l$),
        ('step_states', 'skipped_iff_reason',       $l$(new.skip_reason is not null) = (new.status = 'skipped')$l$),
        ('step_states', 'only_a_failed_step_has_an_error',    $l$new.error is null or new.status in ('failed', 'skipped')$l$),
        ('step_states', 'a_failed_step_has_an_error',         $l$new.status <> 'failed' or new.error is not null$l$),
        ('step_states', 'a_started_step_waits_for_nobody',    $l$new.status not in ('started', 'completed') or new.remaining_deps = 0$l$),
        ('step_states', 'a_started_step_knows_its_tasks',
           $l$new.status not in ('started', 'completed') or new.initial_tasks is not null and new.started_at is not null$l$),
        ('step_states', 'a_completed_step_has_no_tasks_left', $l$new.status <> 'completed' or new.remaining_tasks = 0$l$),

        ('step_tasks', 'task_status_known',              $l$new.status in ('queued', 'started', 'completed', 'failed', 'cancelled')$l$),
        ('step_tasks', 'index_in_range',                 $l$new.task_index >= 0$l$),
        ('step_tasks', 'failures_never_exceed_attempts', $l$new.failures between 0 and new.attempt$l$),
        ('step_tasks', 'finished_iff_final',             $l$(new.finished_at is not null) = (new.status in ('completed', 'failed', 'cancelled'))$l$),
        ('step_tasks', 'output_iff_completed',           $l$(new.output is not null) = (new.status = 'completed')$l$),
        ('step_tasks', 'held_while_started',
           $l$new.status not in ('started', 'completed') or new.worker_id is not null and new.started_at is not null$l$),
        ('step_tasks', 'not_held_while_queued',          $l$new.status <> 'queued' or new.worker_id is null$l$),
        ('step_tasks', 'a_failed_task_has_an_error',     $l$new.status <> 'failed' or new.error is not null$l$)
      ) l(tab, name, law)
  loop
    execute format('create or replace trigger %I after insert or update of %s on workflow.%I for each row when (not (%s)) execute function workflow.break_law()',
                   v_law.name, (select string_agg(distinct c[1], ', ') from regexp_matches(v_law.law, 'new\.(\w+)', 'g') c), v_law.tab, v_law.law);
    v_enacted := v_enacted || format('%s.%s', v_law.tab, v_law.name);
  end loop;

  for v_law in
    select t.tgname as name, c.relname as tab
      from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
     where t.tgfoid = 'workflow.break_law'::regproc and not format('%s.%s', c.relname, t.tgname) = any (v_enacted)
  loop
    execute format('drop trigger %I on workflow.%I', v_law.name, v_law.tab);
  end loop;
end $$;
