-- What must hold in every row of runs, steps and tasks is checked where the row is written, by triggers (enact_laws), and not again in every region
-- that it is copied to: an apply worker reads the text of all CHECKs of a table anew for each row, which was more than half of its work.
alter table workflow.workflow_runs
  drop constraint run_status_known,
  drop constraint priority_known,
  drop constraint durability_known,
  drop constraint remaining_leaves_in_range,
  drop constraint finished_iff_final,
  drop constraint output_iff_completed,
  drop constraint paused_iff_paused,
  drop constraint an_open_run_has_no_error,
  drop constraint a_failed_run_has_an_error,
  drop constraint a_scheduled_run_has_not_started,
  drop constraint a_started_run_has_a_start,
  drop constraint a_completed_run_has_no_leaves_left,
  drop constraint a_key_has_a_hash;

alter table workflow.step_states
  drop constraint step_status_known,
  drop constraint skip_reason_known,
  drop constraint remaining_deps_in_range,
  drop constraint remaining_tasks_in_range,
  drop constraint tasks_known_together,
  drop constraint finished_iff_final,
  drop constraint skipped_iff_reason,
  drop constraint only_a_failed_step_has_an_error,
  drop constraint a_failed_step_has_an_error,
  drop constraint a_started_step_waits_for_nobody,
  drop constraint a_started_step_knows_its_tasks,
  drop constraint a_completed_step_has_no_tasks_left;

alter table workflow.step_tasks
  drop constraint task_status_known,
  drop constraint index_in_range,
  drop constraint failures_never_exceed_attempts,
  drop constraint finished_iff_final,
  drop constraint output_iff_completed,
  drop constraint held_while_started,
  drop constraint not_held_while_queued,
  drop constraint a_failed_task_has_an_error;
