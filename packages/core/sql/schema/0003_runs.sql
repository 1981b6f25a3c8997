-- Runs, steps, tasks: what the engine is about. Replicated; (home_epoch, revision) orders the versions of a row.
-- No index on a column that the hot path changes: its updates stay HOT. The fill factor leaves room for them.

create table workflow.workflow_runs (
  run_id           uuid        not null,
  residency        text        not null default 'global',
  home_epoch       bigint      not null,
  revision         bigint      not null default 1,
  written_tick     bigint      not null,
  tenant_id        text        not null,
  placement_group  text        not null,
  workflow         text        not null,
  definition_id    uuid        not null,
  status           text        not null,
  priority         smallint    not null default 1,
  durability       text        not null default 'local',
  remaining_steps  int         not null,
  total_steps      int         not null,
  idempotency_key  text,
  request_hash     bytea,
  parent_run_id    uuid,
  labels           jsonb       not null default '{}',
  input            jsonb       not null,
  output           jsonb,
  error            jsonb,
  run_at           timestamptz,
  deadline         timestamptz,
  created_at       timestamptz not null,
  started_at       timestamptz,
  paused_at        timestamptz,
  finished_at      timestamptz,
  primary key (run_id, residency),
  constraint run_status_known    check (status in ('scheduled', 'started', 'paused', 'completed', 'failed', 'cancelled')),
  constraint priority_known      check (priority between 0 and 2),
  constraint durability_known    check (durability in ('local', 'quorum')),
  constraint finished_iff_final  check ((finished_at is not null) = (status in ('completed', 'failed', 'cancelled'))),
  constraint paused_iff_paused   check ((paused_at is not null) = (status = 'paused')),
  constraint output_iff_completed check ((output is not null) = (status = 'completed')),
  constraint a_failed_run_has_an_error check (status <> 'failed' or error is not null),
  constraint an_open_run_has_no_error  check (error is null or status in ('failed', 'cancelled')),
  constraint a_scheduled_run_has_not_started check (status <> 'scheduled' or (started_at is null and run_at is not null)),
  constraint a_started_run_has_a_start check (status not in ('started', 'completed') or started_at is not null),
  constraint a_completed_run_has_no_steps_left check (status <> 'completed' or remaining_steps = 0),
  constraint remaining_steps_in_range check (remaining_steps between 0 and total_steps),
  constraint a_key_has_a_hash    check ((idempotency_key is null) = (request_hash is null))
) with (fillfactor = 80);

create unique index one_run_per_key on workflow.workflow_runs (tenant_id, workflow, idempotency_key) where idempotency_key is not null;
create index runs_of_a_tenant       on workflow.workflow_runs (tenant_id, workflow, run_id);
create index runs_by_label          on workflow.workflow_runs using gin (labels jsonb_path_ops) where labels <> '{}';

create table workflow.step_states (
  run_id           uuid        not null,
  step_slug        text        not null,
  residency        text        not null default 'global',
  home_epoch       bigint      not null,
  revision         bigint      not null default 1,
  written_tick     bigint      not null,
  status           text        not null,
  remaining_deps   int         not null,
  initial_tasks    int,
  remaining_tasks  int,
  output_bytes     bigint      not null default 0,
  skip_reason      text,
  error            jsonb,
  created_at       timestamptz not null,
  started_at       timestamptz,
  finished_at      timestamptz,
  primary key (run_id, step_slug, residency),
  constraint step_status_known      check (status in ('created', 'started', 'completed', 'failed', 'skipped', 'cancelled')),
  constraint finished_iff_final     check ((finished_at is not null) = (status in ('completed', 'failed', 'skipped', 'cancelled'))),
  constraint skipped_iff_reason     check ((skip_reason is not null) = (status = 'skipped')),
  constraint skip_reason_known      check (skip_reason in ('handler_failed', 'dependency_skipped', 'condition_unmet')),
  constraint only_a_failed_step_has_an_error check (error is null or status in ('failed', 'skipped')),
  constraint a_failed_step_has_an_error      check (status <> 'failed' or error is not null),
  constraint a_started_step_knows_its_tasks  check (status not in ('started', 'completed') or (initial_tasks is not null and started_at is not null)),
  constraint a_started_step_waits_for_nobody check (status not in ('started', 'completed') or remaining_deps = 0),
  constraint a_completed_step_has_no_tasks_left check (status <> 'completed' or remaining_tasks = 0),
  constraint remaining_deps_in_range  check (remaining_deps >= 0),
  constraint remaining_tasks_in_range check (remaining_tasks between 0 and initial_tasks),
  constraint tasks_known_together     check ((initial_tasks is null) = (remaining_tasks is null))
) with (fillfactor = 80);

create table workflow.step_tasks (
  run_id        uuid        not null,
  step_slug     text        not null,
  task_index    int         not null,
  residency     text        not null default 'global',
  home_epoch    bigint      not null,
  revision      bigint      not null default 1,
  written_tick  bigint      not null,
  status        text        not null,
  attempt       int         not null default 0,
  failures      int         not null default 0,
  available_at  timestamptz not null,
  worker_id     uuid,
  output        jsonb,
  error         jsonb,
  created_at    timestamptz not null,
  started_at    timestamptz,
  finished_at   timestamptz,
  primary key (run_id, step_slug, task_index, residency),
  constraint task_status_known    check (status in ('queued', 'started', 'completed', 'failed', 'cancelled')),
  constraint finished_iff_final   check ((finished_at is not null) = (status in ('completed', 'failed', 'cancelled'))),
  constraint held_while_started   check (status not in ('started', 'completed') or (worker_id is not null and started_at is not null)),
  constraint not_held_while_queued check (status <> 'queued' or worker_id is null),
  constraint output_iff_completed check ((output is not null) = (status = 'completed')),
  constraint a_failed_task_has_an_error check (status <> 'failed' or error is not null),
  constraint failures_never_exceed_attempts check (failures between 0 and attempt),
  constraint index_in_range check (task_index >= 0)
) with (fillfactor = 80);

-- The attempts that failed or were lost; a success costs nothing.
create table workflow.step_attempts (
  run_id        uuid        not null,
  step_slug     text        not null,
  task_index    int         not null,
  attempt       int         not null,
  residency     text        not null default 'global',
  home_epoch    bigint      not null,
  revision      bigint      not null default 1,
  written_tick  bigint      not null,
  worker_id     uuid,
  reported      boolean     not null,
  error         jsonb       not null,
  started_at    timestamptz,
  failed_at     timestamptz not null,
  primary key (run_id, step_slug, task_index, attempt, residency)
);
comment on column workflow.step_attempts.reported is
  'True: the worker reported the failure. False: the scheduler took the task away (worker dead, claim lost, timeout).';

-- Insert-only: the way a deletion travels between regions.
create table workflow.run_deletions (
  run_id        uuid        not null,
  residency     text        not null default 'global',
  home_epoch    bigint      not null,
  revision      bigint      not null default 1,
  written_tick  bigint      not null,
  deleted_at    timestamptz not null,
  primary key (run_id, residency)
);

-- Local: the runs that a clock must act on, so that nobody scans the history for them.
create table workflow.run_timers (
  run_id     uuid        not null,
  residency  text        not null default 'global',
  kind       text        not null,
  due_at     timestamptz not null,
  primary key (run_id, kind, residency),
  constraint timer_kind_known check (kind in ('start', 'deadline'))
);
create index timers_by_due_time on workflow.run_timers (kind, due_at);

-- Local: no open run is older than this one. The scheduler raises it, a retry lowers it; rebuild and gauges start here.
create table workflow.run_horizon (
  singleton           boolean primary key default true,
  oldest_open_run_id  uuid    not null,
  constraint one_row_only check (singleton)
);
insert into workflow.run_horizon (oldest_open_run_id) values ('00000000-0000-0000-0000-000000000000');

-- Local, unlogged: open runs by status as a sum of changes, one row a call; folded by the scheduler, recounted by a rebuild.
create unlogged table workflow.open_run_changes (
  status  text not null,
  change  int  not null
);
