-- The runs, to be written through: the laws of a run's row, and an error with the law's name for a row that would break one. Functions that read
-- take the table. A law that is unknown (null) holds, as a CHECK would.
-- Why not CHECKs, nor triggers with a law as their condition: PostgreSQL reads the text of both anew for each statement, which was a seventh of what
-- a single submission cost; an apply worker does so for each row. The text of a view is part of the plan that a function keeps. Copies from
-- other regions go to the table: their home has checked them (ADR 0017).
-- Columns stand in the table's order, for adoption inserts whole rows by position.
-- An update finds its row through the view too: one that breaks a law already cannot be changed, and the error says so.
create or replace view workflow.lawful_runs as
  select r.run_id, r.residency, r.home_epoch, r.revision, r.written_tick, r.tenant_id, r.placement_group, r.workflow, r.definition_id,
         r.status, r.priority, r.durability, r.remaining_leaves, r.total_steps, r.idempotency_key, r.request_hash,
         r.parent_run_id, r.labels, r.input, r.output, r.error, r.run_at, r.deadline, r.created_at, r.started_at, r.paused_at,
         r.finished_at
    from workflow.workflow_runs r
   where case
     when not (r.status in ('scheduled', 'started', 'paused', 'completed', 'failed', 'cancelled'))
       then workflow.break_law('workflow_runs', 'run_status_known', to_jsonb(r))
     when not (r.priority between 0 and 2)
       then workflow.break_law('workflow_runs', 'priority_known', to_jsonb(r))
     when not (r.durability in ('local', 'quorum'))
       then workflow.break_law('workflow_runs', 'durability_known', to_jsonb(r))
     when not (r.remaining_leaves between 0 and r.total_steps)
       then workflow.break_law('workflow_runs', 'remaining_leaves_in_range', to_jsonb(r))
     when not ((r.finished_at is not null) = (r.status in ('completed', 'failed', 'cancelled')))
       then workflow.break_law('workflow_runs', 'finished_iff_final', to_jsonb(r))
     when not ((r.output is not null) = (r.status = 'completed'))
       then workflow.break_law('workflow_runs', 'output_iff_completed', to_jsonb(r))
     when not ((r.paused_at is not null) = (r.status = 'paused'))
       then workflow.break_law('workflow_runs', 'paused_iff_paused', to_jsonb(r))
     when not (r.error is null or r.status in ('failed', 'cancelled'))
       then workflow.break_law('workflow_runs', 'an_open_run_has_no_error', to_jsonb(r))
     when not (r.status <> 'failed' or r.error is not null)
       then workflow.break_law('workflow_runs', 'a_failed_run_has_an_error', to_jsonb(r))
     when not (r.status <> 'scheduled' or r.started_at is null and r.run_at is not null)
       then workflow.break_law('workflow_runs', 'a_scheduled_run_has_not_started', to_jsonb(r))
     when not (r.status not in ('started', 'completed') or r.started_at is not null)
       then workflow.break_law('workflow_runs', 'a_started_run_has_a_start', to_jsonb(r))
     when not (r.status <> 'completed' or r.remaining_leaves = 0)
       then workflow.break_law('workflow_runs', 'a_completed_run_has_no_leaves_left', to_jsonb(r))
     when not ((r.idempotency_key is null) = (r.request_hash is null))
       then workflow.break_law('workflow_runs', 'a_key_has_a_hash', to_jsonb(r))
     else true end
  with check option;
