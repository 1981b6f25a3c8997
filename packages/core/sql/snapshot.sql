-- A fresh install, read back from the catalog. Written by `pnpm snapshot`, compared by `pnpm check`; never edited, never applied.

-- tables and views
table claims (unlogged) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000, autovacuum_vacuum_cost_delay=0) owner workflow_owner
table failover_events owner workflow_owner
table installation owner workflow_owner
table leases with (fillfactor=50) owner workflow_owner
table limits owner workflow_owner
table open_run_changes (unlogged) owner workflow_owner
table orchestrator_commands owner workflow_owner
view queue_depths owner workflow_owner md5 8b77f4d5e1d7dc1f9a6d2f3f156c2f64 replica identity nothing
table queue_marker (unlogged) owner workflow_owner
table queues owner workflow_owner
table run_deletions owner workflow_owner
view run_events owner workflow_owner md5 2e038d516b3343b412c51f6c08e699cc replica identity nothing
table run_horizon owner workflow_owner
table run_timers owner workflow_owner
table schema_functions owner workflow_owner
table schema_migrations owner workflow_owner
table schema_release owner workflow_owner
table step_attempts owner workflow_owner
table step_states with (fillfactor=50) owner workflow_owner
table step_tasks with (fillfactor=50) owner workflow_owner
view stuck_steps owner workflow_owner md5 0131144a5320fb61870ddaf07c5a2d7c replica identity nothing
view worker_states owner workflow_owner md5 b32480bc9a7a43b5d32d3f6cc72dac78 replica identity nothing
table workflow_definitions owner workflow_owner
table workflow_runs with (fillfactor=50) owner workflow_owner
table workflow_schedules with (fillfactor=80) owner workflow_owner
table workflow_step_dependencies owner workflow_owner
table workflow_steps owner workflow_owner
table workflow_versions owner workflow_owner
table workflow_workers with (fillfactor=50) owner workflow_owner

-- columns
claimed_task.run_id uuid
claimed_task.step_slug text
claimed_task.task_index integer
claimed_task.attempt integer
claimed_task.available_at timestamp with time zone
claims.claim_id bigint not null default floor((random() * ('9007199254740992'::bigint)::double precision))
claims.worker_id uuid not null
claims.claimed_at timestamp with time zone not null
claims.overdue_at timestamp with time zone not null
claims.lost boolean not null default false
claims.tasks workflow.claimed_task[] not null
ended_step.run_id uuid
ended_step.step_slug text
ended_step.residency text
ended_step.home_epoch bigint
ended_step.written_tick bigint
ended_step.tenant_id text
ended_step.workflow text
ended_step.definition_id uuid
ended_step.run_status text
ended_step.priority smallint
ended_step.deadline timestamp with time zone
ended_step.dependents text[]
ended_step.sole_output jsonb
exhausted_task.run_id uuid
exhausted_task.step_slug text
exhausted_task.when_exhausted text
exhausted_task.error jsonb
failover_events.event_id bigint not null identity
failover_events.occurred_at timestamp with time zone not null
failover_events.kind text not null
failover_events.subject text not null
failover_events.former text
failover_events.successor text
failover_events.reason text not null
failover_events.without_ms bigint
failover_events.recorded_by uuid
failover_events.cause text
handed_task.run_id uuid
handed_task.step_slug text
handed_task.task_index integer
handed_task.attempt integer
handed_task.available_at timestamp with time zone
handed_task.workflow text
handed_task.definition_id uuid
handed_task.tenant_id text
handed_task.deadline timestamp with time zone
handed_task.kind text
handed_task.dependencies text[]
handed_task.gathers_maps boolean
handed_task.timeout_ms bigint
held_report.ordinal integer
held_report.run_id uuid
held_report.step_slug text
held_report.task_index integer
held_report.attempt integer
held_report.output jsonb
held_report.output_bytes integer
held_report.tenant_id text
held_report.residency text
held_report.home_epoch bigint
held_report.written_tick bigint
held_report.workflow text
held_report.definition_id uuid
held_report.run_status text
held_report.priority smallint
held_report.deadline timestamp with time zone
held_report.dependents text[]
held_report.sole_leaf boolean
installation.singleton boolean not null default true
installation.member_id uuid not null default gen_random_uuid()
installation.installed_at timestamp with time zone not null default clock_timestamp()
leases.name text not null
leases.holder uuid not null
leases.token bigint not null
leases.acquired_at timestamp with time zone not null
leases.expires_at timestamp with time zone not null
leases.holder_group text
leases.command_id uuid
leases.without_ms bigint
limits.name text not null
limits.value bigint not null
limits.unit text not null
limits.description text not null
message_ref.run_id uuid
message_ref.step_slug text
message_ref.task_index integer
open_run_changes.status text not null
open_run_changes.change integer not null
orchestrator_commands.command_id uuid not null
orchestrator_commands.kind text not null
orchestrator_commands.lease text
orchestrator_commands.worker_id uuid
orchestrator_commands.target_group text
orchestrator_commands.drain_ms integer not null
orchestrator_commands.requested_at timestamp with time zone not null
orchestrator_commands.requested_by text
orchestrator_commands.reason text not null
orchestrator_commands.overdue_at timestamp with time zone not null
orchestrator_commands.state text not null default 'requested'::text
orchestrator_commands.outcome text
orchestrator_commands.token bigint
orchestrator_commands.finished_at timestamp with time zone
outgoing_message.queue text
outgoing_message.run_id uuid
outgoing_message.step_slug text
outgoing_message.task_index integer
outgoing_message.visible_at timestamp with time zone
queue_depths.queue text
queue_depths.priority text
queue_depths.depth bigint
queue_depths.visible bigint
queue_depths.in_flight bigint
queue_depths.oldest_seconds double precision
queue_marker.singleton boolean not null default true
queue_marker.rebuilt_at timestamp with time zone not null
queues.name text not null
queues.created_at timestamp with time zone not null
run_closing.run_id uuid
run_closing.status text
run_closing.error jsonb
run_deletions.run_id uuid not null
run_deletions.residency text not null default 'global'::text
run_deletions.home_epoch bigint not null
run_deletions.revision bigint not null default 1
run_deletions.written_tick bigint not null
run_deletions.deleted_at timestamp with time zone not null
run_events.run_id uuid
run_events.event_id text
run_events.at timestamp with time zone
run_events.rank smallint
run_events.type text
run_events.step_slug text
run_events.task_index integer
run_events.attempt integer
run_events.detail jsonb
run_horizon.singleton boolean not null default true
run_horizon.oldest_open_run_id uuid not null
run_request.ordinal integer
run_request.run_id uuid
run_request.tenant_id text
run_request.workflow text
run_request.definition_id uuid
run_request.total_steps integer
run_request.input jsonb
run_request.idempotency_key text
run_request.request_hash bytea
run_request.priority smallint
run_request.durability text
run_request.labels jsonb
run_request.run_at timestamp with time zone
run_request.deadline timestamp with time zone
run_request.parent_run_id uuid
run_request.code text
run_request.message text
run_request.field text
run_request.total_leaves integer
run_timers.run_id uuid not null
run_timers.residency text not null default 'global'::text
run_timers.kind text not null
run_timers.due_at timestamp with time zone not null
schedule_firing.ordinal integer
schedule_firing.tenant_id text
schedule_firing.name text
schedule_firing.slots timestamp with time zone[]
schedule_firing.next_fire_at timestamp with time zone
schedule_firing.error jsonb
schedule_firing.verdict text
schema_functions.path text not null
schema_functions.sha256 text not null
schema_migrations.version integer not null
schema_migrations.name text not null
schema_migrations.sha256 text not null
schema_migrations.applied_at timestamp with time zone not null default clock_timestamp()
schema_release.singleton boolean not null default true
schema_release.release text not null
slot_answer.ordinal integer
slot_answer.slot_at timestamp with time zone
slot_answer.outcome text
slot_answer.run_id uuid
slot_answer.error jsonb
step_attempts.run_id uuid not null
step_attempts.step_slug text not null
step_attempts.task_index integer not null
step_attempts.attempt integer not null
step_attempts.residency text not null default 'global'::text
step_attempts.home_epoch bigint not null
step_attempts.revision bigint not null default 1
step_attempts.written_tick bigint not null
step_attempts.worker_id uuid
step_attempts.reported boolean not null
step_attempts.error jsonb not null
step_attempts.started_at timestamp with time zone
step_attempts.failed_at timestamp with time zone not null
step_ref.run_id uuid
step_ref.step_slug text
step_states.run_id uuid not null
step_states.step_slug text not null
step_states.residency text not null default 'global'::text
step_states.home_epoch bigint not null
step_states.revision bigint not null default 1
step_states.written_tick bigint not null
step_states.status text not null
step_states.remaining_deps integer not null
step_states.initial_tasks integer
step_states.remaining_tasks integer
step_states.output_bytes bigint not null default 0
step_states.skip_reason text
step_states.error jsonb
step_states.created_at timestamp with time zone not null
step_states.started_at timestamp with time zone
step_states.finished_at timestamp with time zone
step_tasks.run_id uuid not null
step_tasks.step_slug text not null
step_tasks.task_index integer not null
step_tasks.residency text not null default 'global'::text
step_tasks.home_epoch bigint not null
step_tasks.revision bigint not null default 1
step_tasks.written_tick bigint not null
step_tasks.status text not null
step_tasks.attempt integer not null default 0
step_tasks.failures integer not null default 0
step_tasks.available_at timestamp with time zone not null
step_tasks.worker_id uuid
step_tasks.output jsonb
step_tasks.error jsonb
step_tasks.created_at timestamp with time zone not null
step_tasks.started_at timestamp with time zone
step_tasks.finished_at timestamp with time zone
stuck_steps.workflow text
stuck_steps.step_slug text
stuck_steps.queue text
stuck_steps.tasks bigint
task_report.ordinal integer
task_report.run_id uuid
task_report.step_slug text
task_report.task_index integer
task_report.attempt integer
task_report.output jsonb
task_report.output_bytes integer
task_report.error jsonb
task_report.retryable boolean
task_report.retry_after_ms bigint
task_report.reason text
task_taker.worker_id uuid
task_taker.heartbeat_timeout_ms integer
task_taker.queues text[]
task_taker.runnable_steps jsonb
task_taker.capacity integer
task_taker.lowest_priority smallint
worker_states.worker_id uuid
worker_states.app text
worker_states.region text
worker_states.role text
worker_states.orchestrator_group text
worker_states.host text
worker_states.pid integer
worker_states.version text
worker_states.address text
worker_states.queues text[]
worker_states.runnable_steps jsonb
worker_states.capacity integer
worker_states.running integer
worker_states.heartbeat_timeout_ms integer
worker_states.visibility_timeout_ms integer
worker_states.leader_token bigint
worker_states.started_at timestamp with time zone
worker_states.last_heartbeat_at timestamp with time zone
worker_states.deprecated_at timestamp with time zone
worker_states.stopped_at timestamp with time zone
worker_states.expired_at timestamp with time zone
worker_states.tasks_requeued_at timestamp with time zone
worker_states.state text
workflow_definitions.definition_id uuid not null
workflow_definitions.writer uuid not null
workflow_definitions.residency text not null default 'global'::text
workflow_definitions.slug text not null
workflow_definitions.definition jsonb not null
workflow_definitions.home_epoch bigint not null
workflow_definitions.revision bigint not null default 1
workflow_definitions.written_tick bigint not null
workflow_definitions.created_at timestamp with time zone not null
workflow_runs.run_id uuid not null
workflow_runs.residency text not null default 'global'::text
workflow_runs.home_epoch bigint not null
workflow_runs.revision bigint not null default 1
workflow_runs.written_tick bigint not null
workflow_runs.tenant_id text not null
workflow_runs.placement_group text not null
workflow_runs.workflow text not null
workflow_runs.definition_id uuid not null
workflow_runs.status text not null
workflow_runs.priority smallint not null default 1
workflow_runs.durability text not null default 'local'::text
workflow_runs.remaining_leaves integer not null
workflow_runs.total_steps integer not null
workflow_runs.idempotency_key text
workflow_runs.request_hash bytea
workflow_runs.parent_run_id uuid
workflow_runs.labels jsonb not null default '{}'::jsonb
workflow_runs.input jsonb not null
workflow_runs.output jsonb
workflow_runs.error jsonb
workflow_runs.run_at timestamp with time zone
workflow_runs.deadline timestamp with time zone
workflow_runs.created_at timestamp with time zone not null
workflow_runs.started_at timestamp with time zone
workflow_runs.paused_at timestamp with time zone
workflow_runs.finished_at timestamp with time zone
workflow_schedules.tenant_id text not null
workflow_schedules.name text not null
workflow_schedules.residency text not null default 'global'::text
workflow_schedules.home_epoch bigint not null
workflow_schedules.revision bigint not null default 1
workflow_schedules.written_tick bigint not null
workflow_schedules.placement_group text not null
workflow_schedules.cron text not null
workflow_schedules.time_zone text not null
workflow_schedules.workflow text not null
workflow_schedules.version integer
workflow_schedules.input jsonb not null
workflow_schedules.labels jsonb not null default '{}'::jsonb
workflow_schedules.priority smallint not null default 1
workflow_schedules.catch_up text not null default 'one'::text
workflow_schedules.catch_up_max integer not null default 100
workflow_schedules.jitter_ms integer not null default 0
workflow_schedules.paused boolean not null default false
workflow_schedules.next_fire_at timestamp with time zone
workflow_schedules.due_at timestamp with time zone
workflow_schedules.last_slot_at timestamp with time zone
workflow_schedules.last_run_id uuid
workflow_schedules.last_error jsonb
workflow_schedules.created_at timestamp with time zone not null
workflow_schedules.updated_at timestamp with time zone not null
workflow_schedules.deleted_at timestamp with time zone
workflow_step_dependencies.definition_id uuid not null
workflow_step_dependencies.step_slug text not null
workflow_step_dependencies.depends_on text not null
workflow_steps.definition_id uuid not null
workflow_steps.step_slug text not null
workflow_steps.step_index integer not null
workflow_steps.step_level integer not null default 0
workflow_steps.kind text not null
workflow_steps.over_step text
workflow_steps.over_path text[] not null default '{}'::text[]
workflow_steps.dependencies text[] not null default '{}'::text[]
workflow_steps.dependents text[] not null default '{}'::text[]
workflow_steps.queue text not null
workflow_steps.max_attempts integer not null
workflow_steps.base_delay_ms bigint not null
workflow_steps.max_delay_ms bigint not null
workflow_steps.start_delay_ms bigint not null
workflow_steps.timeout_ms bigint not null
workflow_steps.when_exhausted text not null
workflow_steps.sole_leaf boolean not null default false
workflow_steps.gathers_maps boolean not null default false
workflow_versions.slug text not null
workflow_versions.version integer not null
workflow_versions.definition_id uuid not null
workflow_versions.total_steps integer not null
workflow_versions.root_map text
workflow_versions.active boolean not null default false
workflow_versions.registered_at timestamp with time zone not null
workflow_versions.activated_at timestamp with time zone
workflow_versions.total_leaves integer not null
workflow_workers.worker_id uuid not null
workflow_workers.app text not null
workflow_workers.region text not null default 'local'::text
workflow_workers.role text
workflow_workers.orchestrator_group text
workflow_workers.host text not null
workflow_workers.pid integer not null
workflow_workers.version text not null
workflow_workers.address text
workflow_workers.queues text[] not null default '{}'::text[]
workflow_workers.runnable_steps jsonb not null default '[]'::jsonb
workflow_workers.capacity integer not null default 0
workflow_workers.running integer not null default 0
workflow_workers.heartbeat_timeout_ms integer not null
workflow_workers.visibility_timeout_ms integer not null
workflow_workers.leader_token bigint
workflow_workers.started_at timestamp with time zone not null
workflow_workers.last_heartbeat_at timestamp with time zone not null
workflow_workers.deprecated_at timestamp with time zone
workflow_workers.stopped_at timestamp with time zone
workflow_workers.expired_at timestamp with time zone
workflow_workers.tasks_requeued_at timestamp with time zone

-- constraints
claims.claims_pkey PRIMARY KEY (claim_id)
failover_events.failover_events_pkey PRIMARY KEY (event_id)
installation.installation_pkey PRIMARY KEY (singleton)
installation.one_row_only CHECK (singleton)
leases.leases_pkey PRIMARY KEY (name)
limits.a_bound_is_positive CHECK ((value > 0))
limits.limits_pkey PRIMARY KEY (name)
orchestrator_commands.finished_iff_not_requested CHECK (((finished_at IS NULL) = (state = 'requested'::text)))
orchestrator_commands.kind_known CHECK ((kind = ANY (ARRAY['stop'::text, 'promote'::text, 'fence'::text])))
orchestrator_commands.orchestrator_commands_pkey PRIMARY KEY (command_id)
orchestrator_commands.outcome_iff_finished CHECK (((outcome IS NULL) = (finished_at IS NULL)))
orchestrator_commands.state_known CHECK ((state = ANY (ARRAY['requested'::text, 'done'::text, 'failed'::text])))
queue_marker.one_row_only CHECK (singleton)
queue_marker.queue_marker_pkey PRIMARY KEY (singleton)
queues.queues_pkey PRIMARY KEY (name)
run_deletions.run_deletions_pkey PRIMARY KEY (run_id, residency)
run_horizon.one_row_only CHECK (singleton)
run_horizon.run_horizon_pkey PRIMARY KEY (singleton)
run_timers.run_timers_pkey PRIMARY KEY (run_id, kind, residency)
run_timers.timer_kind_known CHECK ((kind = ANY (ARRAY['start'::text, 'deadline'::text])))
schema_functions.schema_functions_pkey PRIMARY KEY (path)
schema_migrations.schema_migrations_pkey PRIMARY KEY (version)
schema_release.one_row_only CHECK (singleton)
schema_release.schema_release_pkey PRIMARY KEY (singleton)
step_attempts.step_attempts_pkey PRIMARY KEY (run_id, step_slug, task_index, attempt, residency)
step_states.a_completed_step_has_no_tasks_left CHECK (((status <> 'completed'::text) OR (remaining_tasks = 0)))
step_states.a_failed_step_has_an_error CHECK (((status <> 'failed'::text) OR (error IS NOT NULL)))
step_states.a_started_step_knows_its_tasks CHECK (((status <> ALL (ARRAY['started'::text, 'completed'::text])) OR ((initial_tasks IS NOT NULL) AND (started_at IS NOT NULL))))
step_states.a_started_step_waits_for_nobody CHECK (((status <> ALL (ARRAY['started'::text, 'completed'::text])) OR (remaining_deps = 0)))
step_states.finished_iff_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['completed'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text]))))
step_states.only_a_failed_step_has_an_error CHECK (((error IS NULL) OR (status = ANY (ARRAY['failed'::text, 'skipped'::text]))))
step_states.remaining_deps_in_range CHECK ((remaining_deps >= 0))
step_states.remaining_tasks_in_range CHECK (((remaining_tasks >= 0) AND (remaining_tasks <= initial_tasks)))
step_states.skip_reason_known CHECK ((skip_reason = ANY (ARRAY['handler_failed'::text, 'dependency_skipped'::text, 'condition_unmet'::text])))
step_states.skipped_iff_reason CHECK (((skip_reason IS NOT NULL) = (status = 'skipped'::text)))
step_states.step_states_pkey PRIMARY KEY (run_id, step_slug, residency)
step_states.step_status_known CHECK ((status = ANY (ARRAY['created'::text, 'started'::text, 'completed'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text])))
step_states.tasks_known_together CHECK (((initial_tasks IS NULL) = (remaining_tasks IS NULL)))
step_tasks.a_failed_task_has_an_error CHECK (((status <> 'failed'::text) OR (error IS NOT NULL)))
step_tasks.failures_never_exceed_attempts CHECK (((failures >= 0) AND (failures <= attempt)))
step_tasks.finished_iff_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text]))))
step_tasks.held_while_started CHECK (((status <> ALL (ARRAY['started'::text, 'completed'::text])) OR ((worker_id IS NOT NULL) AND (started_at IS NOT NULL))))
step_tasks.index_in_range CHECK ((task_index >= 0))
step_tasks.not_held_while_queued CHECK (((status <> 'queued'::text) OR (worker_id IS NULL)))
step_tasks.output_iff_completed CHECK (((output IS NOT NULL) = (status = 'completed'::text)))
step_tasks.step_tasks_pkey PRIMARY KEY (run_id, step_slug, task_index, residency)
step_tasks.task_status_known CHECK ((status = ANY (ARRAY['queued'::text, 'started'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
workflow_definitions.a_definition_belongs_to_everybody CHECK ((residency = 'global'::text))
workflow_definitions.workflow_definitions_pkey PRIMARY KEY (definition_id, writer, residency)
workflow_runs.a_completed_run_has_no_leaves_left CHECK (((status <> 'completed'::text) OR (remaining_leaves = 0)))
workflow_runs.a_failed_run_has_an_error CHECK (((status <> 'failed'::text) OR (error IS NOT NULL)))
workflow_runs.a_key_has_a_hash CHECK (((idempotency_key IS NULL) = (request_hash IS NULL)))
workflow_runs.a_scheduled_run_has_not_started CHECK (((status <> 'scheduled'::text) OR ((started_at IS NULL) AND (run_at IS NOT NULL))))
workflow_runs.a_started_run_has_a_start CHECK (((status <> ALL (ARRAY['started'::text, 'completed'::text])) OR (started_at IS NOT NULL)))
workflow_runs.an_open_run_has_no_error CHECK (((error IS NULL) OR (status = ANY (ARRAY['failed'::text, 'cancelled'::text]))))
workflow_runs.durability_known CHECK ((durability = ANY (ARRAY['local'::text, 'quorum'::text])))
workflow_runs.finished_iff_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text]))))
workflow_runs.output_iff_completed CHECK (((output IS NOT NULL) = (status = 'completed'::text)))
workflow_runs.paused_iff_paused CHECK (((paused_at IS NOT NULL) = (status = 'paused'::text)))
workflow_runs.priority_known CHECK (((priority >= 0) AND (priority <= 2)))
workflow_runs.remaining_leaves_in_range CHECK (((remaining_leaves >= 0) AND (remaining_leaves <= total_steps)))
workflow_runs.run_status_known CHECK ((status = ANY (ARRAY['scheduled'::text, 'started'::text, 'paused'::text, 'completed'::text, 'failed'::text, 'cancelled'::text])))
workflow_runs.workflow_runs_pkey PRIMARY KEY (run_id, residency)
workflow_schedules.a_deleted_schedule_has_no_next_slot CHECK (((next_fire_at IS NULL) OR (deleted_at IS NULL)))
workflow_schedules.a_paused_schedule_has_no_next_slot CHECK (((next_fire_at IS NULL) OR (NOT paused)))
workflow_schedules.catch_up_known CHECK ((catch_up = ANY (ARRAY['none'::text, 'one'::text, 'all'::text])))
workflow_schedules.catch_up_max_in_range CHECK (((catch_up_max >= 1) AND (catch_up_max <= 1000)))
workflow_schedules.due_iff_there_is_a_next_slot CHECK (((due_at IS NULL) = (next_fire_at IS NULL)))
workflow_schedules.jitter_in_range CHECK (((jitter_ms >= 0) AND (jitter_ms <= 86400000)))
workflow_schedules.never_due_before_its_slot CHECK ((due_at >= next_fire_at))
workflow_schedules.priority_known CHECK (((priority >= 0) AND (priority <= 2)))
workflow_schedules.workflow_schedules_pkey PRIMARY KEY (tenant_id, name, residency)
workflow_step_dependencies.workflow_step_dependencies_pkey PRIMARY KEY (definition_id, step_slug, depends_on)
workflow_steps.a_source_is_the_only_dependency CHECK (((kind = 'single'::text) OR (dependencies = COALESCE(ARRAY[over_step], '{}'::text[])) OR ((over_step IS NULL) AND (dependencies = '{}'::text[]))))
workflow_steps.kind_known CHECK ((kind = ANY (ARRAY['single'::text, 'map'::text])))
workflow_steps.only_a_map_has_a_source CHECK (((kind = 'map'::text) OR (over_step IS NULL)))
workflow_steps.when_exhausted_known CHECK ((when_exhausted = ANY (ARRAY['fail'::text, 'skip'::text, 'skip-cascade'::text])))
workflow_steps.workflow_steps_pkey PRIMARY KEY (definition_id, step_slug)
workflow_versions.an_active_version_was_activated CHECK (((NOT active) OR (activated_at IS NOT NULL)))
workflow_versions.workflow_versions_pkey PRIMARY KEY (slug, version)
workflow_versions.workflow_versions_slug_definition_id_key UNIQUE (slug, definition_id)
workflow_workers.a_role_has_a_group CHECK (((role IS NULL) = (orchestrator_group IS NULL)))
workflow_workers.app_known CHECK ((app = ANY (ARRAY['router'::text, 'scheduler'::text, 'executor'::text, 'failover-monitor'::text])))
workflow_workers.role_known CHECK ((role = ANY (ARRAY['primary'::text, 'standby'::text])))
workflow_workers.timeouts_are_positive CHECK (((heartbeat_timeout_ms > 0) AND (visibility_timeout_ms > 0)))
workflow_workers.workflow_workers_pkey PRIMARY KEY (worker_id)

-- indexes
CREATE INDEX claims_of_a_worker ON workflow.claims USING btree (worker_id)
CREATE UNIQUE INDEX claims_pkey ON workflow.claims USING btree (claim_id)
CREATE INDEX failover_events_by_time ON workflow.failover_events USING btree (occurred_at DESC)
CREATE UNIQUE INDEX failover_events_pkey ON workflow.failover_events USING btree (event_id)
CREATE UNIQUE INDEX installation_pkey ON workflow.installation USING btree (singleton)
CREATE UNIQUE INDEX leases_pkey ON workflow.leases USING btree (name)
CREATE UNIQUE INDEX limits_pkey ON workflow.limits USING btree (name)
CREATE UNIQUE INDEX one_open_command_per_lease ON workflow.orchestrator_commands USING btree (lease) WHERE (finished_at IS NULL)
CREATE INDEX orchestrator_commands_by_time ON workflow.orchestrator_commands USING btree (requested_at DESC)
CREATE UNIQUE INDEX orchestrator_commands_pkey ON workflow.orchestrator_commands USING btree (command_id)
CREATE UNIQUE INDEX queue_marker_pkey ON workflow.queue_marker USING btree (singleton)
CREATE UNIQUE INDEX queues_pkey ON workflow.queues USING btree (name)
CREATE UNIQUE INDEX run_deletions_pkey ON workflow.run_deletions USING btree (run_id, residency)
CREATE UNIQUE INDEX run_horizon_pkey ON workflow.run_horizon USING btree (singleton)
CREATE UNIQUE INDEX run_timers_pkey ON workflow.run_timers USING btree (run_id, kind, residency)
CREATE INDEX timers_by_due_time ON workflow.run_timers USING btree (kind, due_at)
CREATE UNIQUE INDEX schema_functions_pkey ON workflow.schema_functions USING btree (path)
CREATE UNIQUE INDEX schema_migrations_pkey ON workflow.schema_migrations USING btree (version)
CREATE UNIQUE INDEX schema_release_pkey ON workflow.schema_release USING btree (singleton)
CREATE UNIQUE INDEX step_attempts_pkey ON workflow.step_attempts USING btree (run_id, step_slug, task_index, attempt, residency)
CREATE UNIQUE INDEX step_states_pkey ON workflow.step_states USING btree (run_id, step_slug, residency)
CREATE UNIQUE INDEX step_tasks_pkey ON workflow.step_tasks USING btree (run_id, step_slug, task_index, residency)
CREATE UNIQUE INDEX workflow_definitions_pkey ON workflow.workflow_definitions USING btree (definition_id, writer, residency)
CREATE UNIQUE INDEX one_run_per_key ON workflow.workflow_runs USING btree (tenant_id, workflow, idempotency_key) WHERE (idempotency_key IS NOT NULL)
CREATE INDEX runs_by_label ON workflow.workflow_runs USING gin (labels jsonb_path_ops) WHERE (labels <> '{}'::jsonb)
CREATE INDEX runs_of_a_tenant ON workflow.workflow_runs USING btree (tenant_id, workflow, run_id)
CREATE UNIQUE INDEX workflow_runs_pkey ON workflow.workflow_runs USING btree (run_id, residency)
CREATE INDEX schedules_by_due_time ON workflow.workflow_schedules USING btree (due_at) WHERE (due_at IS NOT NULL)
CREATE UNIQUE INDEX workflow_schedules_pkey ON workflow.workflow_schedules USING btree (tenant_id, name, residency)
CREATE UNIQUE INDEX workflow_step_dependencies_pkey ON workflow.workflow_step_dependencies USING btree (definition_id, step_slug, depends_on)
CREATE INDEX workflow_step_dependents ON workflow.workflow_step_dependencies USING btree (definition_id, depends_on) INCLUDE (step_slug)
CREATE UNIQUE INDEX workflow_steps_pkey ON workflow.workflow_steps USING btree (definition_id, step_slug)
CREATE UNIQUE INDEX one_active_version_per_slug ON workflow.workflow_versions USING btree (slug) WHERE active
CREATE UNIQUE INDEX workflow_versions_pkey ON workflow.workflow_versions USING btree (slug, version)
CREATE UNIQUE INDEX workflow_versions_slug_definition_id_key ON workflow.workflow_versions USING btree (slug, definition_id)
CREATE UNIQUE INDEX workflow_workers_pkey ON workflow.workflow_workers USING btree (worker_id)

-- sequences
failover_events_event_id_seq bigint from 1 by 1 cache 1 owner workflow_owner

-- types
claimed_task composite
ended_step composite
exhausted_task composite
handed_task composite
held_report composite
message_ref composite
outgoing_message composite
run_closing composite
run_request composite
schedule_firing composite
slot_answer composite
step_ref composite
task_report composite
task_taker composite

-- functions
acquire_lease(p_name text, p_holder uuid, p_ttl_ms integer) returns TABLE(acquired boolean, token bigint, holder uuid, expires_at timestamp with time zone, former uuid, without_ms bigint) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 44c2b91344248342c2c6182c71d37390
activate_definition(p_slug text, p_version integer) returns TABLE(definition_id uuid, slug text, version integer) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 8fef94664016676c6a2197bc1a98a2ed
advance_horizon(p_token bigint, p_limit integer) returns TABLE(moved integer) language plpgsql volatile security definer set search_path="", enable_seqscan=off, enable_sort=off owner workflow_owner md5 83cc5c77cef2082586763b1ea0a61ddf
advance_runs(p_ended workflow.ended_step[], p_messages workflow.outgoing_message[], p_now timestamp with time zone, p_taker workflow.task_taker, OUT queues text[], OUT ended jsonb, OUT handed workflow.handed_task[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 f1dfcdcc41ab93fd7eb15b53545773fb
answer_reports(p_worker uuid, p_count integer, p_reports workflow.task_report[], p_accepted integer[], p_home uuid[], p_queues text[], p_ended jsonb) returns TABLE(ordinal integer, verdict text, queues text[], ended jsonb) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 123288f459471bce5fdf36e40b579f8a
answer_run_requests(p_requests workflow.run_request[], p_created uuid[], p_queues text[], p_now timestamp with time zone) returns TABLE(ordinal integer, outcome text, run_id uuid, status text, code text, message text, field text, queues text[]) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 461a752fc7abb5fc7acc0d3748a603e5
assert_home(p_tenants text[]) returns TABLE(tenant_id text, home_epoch bigint, written_tick bigint) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a85de630c4276d633d527d5b534073f1
assert_lease(p_name text, p_token bigint) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 5db0498bfa495bdf947d714dd0869ca5
assert_may_claim(p_worker workflow.workflow_workers, p_token bigint) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 9eb71f76f931bba226ea89a2bba5f947
assert_tenant_home(p_tenant text, OUT home_epoch bigint, OUT written_tick bigint) returns record language plpgsql volatile security definer set search_path="" owner workflow_owner md5 931ed17e4919bac1ff1e01c02575a948
begin_runs(p_run_ids uuid[], p_now timestamp with time zone) returns text[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 98cedc28caa257788f6ea36c51019b6a
best_standby(p_leader text, p_now timestamp with time zone) returns text language sql stable security definer set search_path="" owner workflow_owner md5 6e69dc0fa712c5767668cf3dc3d1f38f
cancel_runs(p_run_ids uuid[], p_reason text) returns TABLE(run_id uuid, verdict text, status text) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 6e8815404c7ec81bec3f8d12b4b46ece
check_batch(p_size integer, p_field text) returns void language plpgsql stable security definer set search_path="" owner workflow_owner md5 95eb644736a4ed59f62d4256920eca7a
check_command(p_command workflow.orchestrator_commands, p_lease workflow.leases, p_now timestamp with time zone) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 1be2428034d03cf114022904885287cb
check_definition(p_definition jsonb) returns void language plpgsql stable security definer set search_path="" owner workflow_owner md5 fcdd9bf8230430083fe4548404cca816
check_dependencies(p_definition jsonb) returns void language plpgsql immutable set search_path="" owner workflow_owner md5 10569779a23480cb2e7309223003a2ed
check_options(p_object jsonb, p_path text, p_known text[]) returns void language plpgsql immutable set search_path="" owner workflow_owner md5 dccfb3e9a4a1bbcb3ae6d97521aa6c83
check_reports(p_reports json) returns void language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 b2467d2356e0f18569bf2994e818175b
check_schedule(p_draft workflow.workflow_schedules, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 15c71650b3796bd2765a38b1ea2187c3
check_step_shape(p_step jsonb) returns void language plpgsql immutable set search_path="" owner workflow_owner md5 d1e1b77384b896d1fa39e5cb1a593fe7
clock() returns timestamp with time zone language sql volatile owner workflow_owner md5 d20f3234dc0bdac0a507cd200bd58e92
close_command(p_command uuid, p_state text, p_outcome text, p_token bigint, p_now timestamp with time zone) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 b1d85b3d61c1a8b15db199d6b6970395
close_runs(p_closings workflow.run_closing[], p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 d6844fa441af26ea0d6fbc4ca48b84f3
compile_queue(p_pgmq_queue text) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 c23f83b855f5a05d3adb44c456ec7ce1
complete_tasks(p_worker uuid, p_results json, p_capacity integer, p_leader_token bigint, p_settled bigint[]) returns TABLE(ordinal integer, verdict text, queues text[], ended jsonb, claim_id bigint, run_id uuid, step_slug text, task_index integer, attempt integer, workflow text, definition_id uuid, tenant_id text, kind text, input jsonb, run_input jsonb, timeout_ms bigint, deadline timestamp with time zone, wait_ms bigint) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 d49c9bd5473d6c3f4766758a0d7f1331
count_ended_runs(p_run_ids uuid[], p_now timestamp with time zone) returns jsonb language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_indexscan=off, join_collapse_limit=1 owner workflow_owner md5 9758d7e730c6ae9cbddd841d1219393e
create_schedule(p_schedule jsonb) returns TABLE(created boolean, tenant_id text, name text, residency text, home_epoch bigint, revision bigint, written_tick bigint, placement_group text, cron text, time_zone text, workflow text, version integer, input jsonb, labels jsonb, priority smallint, catch_up text, catch_up_max integer, jitter_ms integer, paused boolean, next_fire_at timestamp with time zone, due_at timestamp with time zone, last_slot_at timestamp with time zone, last_run_id uuid, last_error jsonb, created_at timestamp with time zone, updated_at timestamp with time zone, deleted_at timestamp with time zone) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 282af2c1a065c8f850966361bd317c14
delete_runs(p_run_ids uuid[]) returns TABLE(run_id uuid, verdict text) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 92803d6ab4fc4998da675fa071c11371
delete_schedule(p_tenant text, p_name text) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 8dfd1000d31430c876decde8d0016600
dependencies_of(p_step jsonb) returns text[] language sql immutable set search_path="" owner workflow_owner md5 7a79a1afc51cc052bb41818fb45af393
deprecate_worker(p_worker uuid) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 508b00cc227eb3995b8a8d8cffda5053
derive_steps(p_definition_id uuid, p_definition jsonb) returns void language sql volatile security definer set search_path="" owner workflow_owner md5 a7caedc819ecf57c3015ce1398a9f5c9
descendants_of(p_definition_id uuid, p_step_slug text) returns SETOF text language sql stable security definer set search_path="" owner workflow_owner md5 e1019399f7f57c5a60003b253cf3ffe8
describe_ended_steps(p_steps workflow.step_ref[]) returns workflow.ended_step[] language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 de4b4e5914caee8d464095ff2b073ffd
describe_tasks(p_tasks workflow.handed_task[], p_now timestamp with time zone) returns TABLE(run_id uuid, step_slug text, task_index integer, attempt integer, workflow text, definition_id uuid, tenant_id text, kind text, input jsonb, run_input jsonb, timeout_ms bigint, deadline timestamp with time zone, wait_ms bigint) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 8147803278dbbbb8056a73d2ab1dd21e
draft_schedule(p_base workflow.workflow_schedules, p_change jsonb) returns workflow.workflow_schedules language plpgsql volatile security definer set search_path="" owner workflow_owner md5 239fae671a3c871ae60ac492b31a3032
due_schedules(p_limit integer) returns TABLE(tenant_id text, name text, revision bigint, cron text, time_zone text, catch_up text, catch_up_max integer, next_fire_at timestamp with time zone, offset_ms integer, input_bytes integer, now timestamp with time zone, missed_before timestamp with time zone) language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 a3869bb59ca669ced6851b408c472a21
due_timers(p_kind text, p_now timestamp with time zone, p_limit integer) returns uuid[] language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 1db496d522958322a6441a86d4902f05
ensure_queue(p_queue text) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a57929e796c6337bcf8b81713c488115
erase_runs(p_run_ids uuid[]) returns void language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 cd169dfbcfad8596782a2a3addaa2784
exhaust_steps(p_tasks workflow.exhausted_task[], p_messages workflow.outgoing_message[], p_now timestamp with time zone) returns text[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 5cd40e6b4f4dc37bed8d46e7198e9a54
expand_steps(p_steps workflow.step_ref[], p_now timestamp with time zone, OUT messages workflow.outgoing_message[], OUT ended workflow.step_ref[], OUT failed workflow.run_closing[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 304f62edad7d1fa22fbaab68e084c227
expire_workers(p_token bigint, p_limit integer) returns TABLE(worker_id uuid, app text, host text, last_heartbeat_at timestamp with time zone) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 8c7297d0d4ee021be57fca36075d8674
explain_refusal(p_judged text, p_request jsonb, p_root_map text, OUT code text, OUT message text, OUT field text) returns record language plpgsql stable security definer set search_path="" owner workflow_owner md5 e3d84cc2014ac0c6e52e3abcaa438ef1
fail_back(p_token bigint, p_group text, p_reason text) returns uuid language plpgsql volatile security definer set search_path="" owner workflow_owner md5 266fb43444d2303fe453390239b1280a
fail_overdue_runs(p_token bigint, p_limit integer) returns TABLE(run_id uuid) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 9239184b98b6d0a13d6e1cd74493bf01
fail_tasks(p_worker uuid, p_failures json) returns TABLE(ordinal integer, verdict text, retry_at timestamp with time zone, queues text[], ended jsonb) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 d058abdd2bf95b1836e3ae8950948cf4
fence_leader(p_token bigint, p_name text, p_seen bigint, p_reason text, p_command uuid) returns bigint language plpgsql volatile security definer set search_path="" owner workflow_owner md5 eb0529a1f5c64b8b405b6fc0e30a5e08
fence_lease(p_name text) returns bigint language sql volatile security definer set search_path="" owner workflow_owner md5 e3336cbc35c062cc063d7a88f9461622
find_lost_tasks(p_claims bigint[], p_now timestamp with time zone, p_limit integer) returns workflow.task_report[] language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 668fd0282f50e59fe3838ed835d1fbec
find_open_run(p_run_id uuid) returns workflow.workflow_runs language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 51071e62d19a14e3dccf338f7c974bc0
find_retryable_run(p_run_id uuid, p_from text, p_step text) returns workflow.workflow_runs language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 18d39c2e0e9ba4fc9d2eba879c6f9e38
find_stuck_steps() returns TABLE(workflow text, step_slug text, queue text, tasks bigint) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 57f455efcc4f59388cdee921d4d60f89
find_taker(p_worker uuid, p_capacity integer, p_leader_token bigint, p_priority smallint, p_now timestamp with time zone) returns workflow.task_taker language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 e89a63c42d4b7f3a5c763bc644c059a0
finish_command(p_command uuid, p_state text, p_outcome text) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a67a68f00f9fcfe1e65d1bacd3957b1d
finish_runs(p_ended workflow.ended_step[], p_now timestamp with time zone, OUT completed integer, OUT failed workflow.run_closing[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 d14ccf519a9843dea431729c64c7eda2
fire_schedules(p_token bigint, p_firings jsonb) returns TABLE(ordinal integer, verdict text, started integer, existing integer, refused integer, error jsonb, queues text[]) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a4988b30dcaebfd4bc7aa0fb83019715
forget_claims(p_worker uuid, p_claims bigint[]) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 00083dec9c2d07de07dc768bff6a28d7
give_up_leadership(p_lease workflow.leases, p_now timestamp with time zone) returns workflow.leases language plpgsql volatile security definer set search_path="" owner workflow_owner md5 2e4ee15bd3bc7a32880d3c1f4036e9b2
group_in_flight(p_group text, p_now timestamp with time zone) returns bigint language sql stable security definer set search_path="" owner workflow_owner md5 6a809dca7c4d2fc7b7fe0f4d7e7b727e
hand_out_tasks(p_worker uuid, p_messages workflow.message_ref[], p_now timestamp with time zone) returns workflow.handed_task[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 3ca37e9c45f0db00f25033d15e80ea33
hash_group_of(p_zone text, p_tenant text) returns text language sql immutable owner workflow_owner md5 b488c62be8e15c17595c85c649de884c
heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]) returns TABLE(state text, aborts jsonb) language plpgsql volatile security definer set search_path="", enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 454d7f6963807d4239a1c129b8276d46
judge_firings(p_firings jsonb) returns workflow.schedule_firing[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 d33902a97620beffc9eebe95f0996b1b
judge_report(p_worker uuid, p_report workflow.task_report, p_home uuid[]) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 0d5ffc5024238f7e3c2e34cc025d962c
judge_run_requests(p_requests jsonb, p_now timestamp with time zone) returns workflow.run_request[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 4b6e87b1745c2deb3030f17f0c514363
keep_leadership(p_worker workflow.workflow_workers, p_lease workflow.leases, p_ttl_ms integer, p_now timestamp with time zone) returns workflow.leases language plpgsql volatile security definer set search_path="" owner workflow_owner md5 9fcf8fd5bd4c706a0c2d177b503e2692
lead_group(p_worker uuid, p_ttl_ms integer, p_standing_ms integer) returns TABLE(leads boolean, token bigint, leader text, holder uuid, left_ms integer, hands_over boolean, drain_ms integer, taken boolean, reason text) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 9325240dd4ea5a670aad4ad7856a6be7
leave_group(p_group text, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 080b11ea5bf65043e0af2f6a530a5a65
level_steps(p_definition_id uuid) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 3c35332c7ea55fc14929b94496790a8d
levels_of(p_nodes integer, p_dependent integer[], p_dependency integer[]) returns integer[] language plpgsql immutable set search_path="" owner workflow_owner md5 09a85ecd370c7143e86766bba70c5b95
limit_of(p_name text) returns bigint language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 f59e19c600f20f2409932da94eb25ef8
lock_reported_runs(p_results json) returns workflow.held_report[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 1ba432a090de28236d5b7db5a00fd1c5
lock_runs(p_run_ids uuid[]) returns uuid[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 df29f98c1bb011715807f42c01e4db4c
map_elements(p_run_id uuid, p_definition_id uuid, p_step_slug text, p_indexes integer[]) returns TABLE(ordinal integer, element jsonb) language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 e237e3a16c08a247b2f0728c82517150
map_output(p_run_id uuid, p_step_slug text) returns jsonb language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 7df73a4990b61b461b0626afa65bd14c
map_source(p_run_id uuid, p_step workflow.workflow_steps) returns jsonb language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 48dfefef61f19b58fcb1e86cd3f3e409
mark_lost_claims(p_worker uuid, p_in_flight jsonb, p_before timestamp with time zone, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 d159718f9a90a92fd9feea73db0fb07e
messages_of_queued_tasks(p_run_ids uuid[]) returns workflow.outgoing_message[] language sql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 5ce818b23a4de719c6ddd64bb96e38e6
messages_of_runs(p_run_ids uuid[]) returns workflow.message_ref[] language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 0055d6a5f94278db7f2bcc48c7d9f46d
new_run_id() returns uuid language plpgsql volatile set search_path="" owner workflow_owner md5 c2a4758ef10e87c5c5640b08686c7648
note_read_time(p_pgmq_queue text, p_began timestamp with time zone, p_taken integer, p_reached timestamp with time zone, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a1113efefd0ada874eb50c1a6fa20b83
open_run_counts() returns TABLE(status text, runs bigint) language sql stable security definer set search_path="" owner workflow_owner md5 4c13dd30e12c5e9338d53b71fa676da7
oversized_outputs(p_reports workflow.held_report[]) returns workflow.task_report[] language plpgsql stable security definer set search_path="" owner workflow_owner md5 43530d226f192e79f18f83d3a7d6e933
pause_run(p_run_id uuid) returns TABLE(run_id uuid, status text, changed boolean, queues text[]) language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 1e7d0fb7d05dc4b97ce36311a73eeac7
pgmq_name(p_queue text, p_priority integer) returns text language sql immutable owner workflow_owner md5 73abeec621a6e668f30053b34ab84e75
prune_failover_events(p_token bigint, p_limit integer) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 b841d302fa584e1b863428982d406e55
prune_runs(p_token bigint, p_before timestamp with time zone, p_limit integer) returns integer language plpgsql volatile security definer set search_path="", enable_seqscan=off, enable_sort=off owner workflow_owner md5 ea0602daa8fed1cd876687fe4e25e04f
prune_workers(p_token bigint, p_retention_ms bigint, p_limit integer) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 22076a4a21f76f5bd70e14d7c2749434
read_from(p_pgmq_queue text, p_now timestamp with time zone) returns timestamp with time zone language plpgsql stable security definer set search_path="" owner workflow_owner md5 8e89fcd07e2c255427db7255977a570d
read_queue_depths() returns TABLE(queue text, priority text, depth bigint, visible bigint, in_flight bigint, oldest_seconds double precision) language plpgsql stable security definer set search_path="", enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 cde559383acfeec98dbb1ee1b7334655
read_reports(p_reports json) returns workflow.task_report[] language plpgsql stable security definer set search_path="" owner workflow_owner md5 2b29165ac90ddad64ef1fefe36c17f9b
rebuild_queue(p_token bigint, p_after uuid, p_limit integer) returns TABLE(needed boolean, restored integer, next_after uuid, queues text[]) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 0647d68b469ecfcde3ac7f1306115ffe
record_claim(p_worker uuid, p_heartbeat_timeout_ms integer, p_tasks workflow.handed_task[], p_now timestamp with time zone) returns bigint language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 a51c7e5ee627a12ad9377bc1e29d45e0
record_failover_event(p_event jsonb) returns bigint language sql volatile security definer set search_path="" owner workflow_owner md5 df0e2dc3c1af53a276e5f5fefaca6282
record_outputs(p_worker uuid, p_reports workflow.held_report[], p_now timestamp with time zone, OUT accepted integer[], OUT ended workflow.ended_step[], OUT failed workflow.run_closing[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 dcd0fb7c4f639e50654bced9cf53231c
recount_open_runs() returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 4f53ec4385efe4072c16a3de194d1ff9
refuse(p_sqlstate text, p_message text, p_field text, p_facts jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 1665da17103c66640c732b93f170a50a
register_worker(p_worker jsonb) returns timestamp with time zone language plpgsql volatile security definer set search_path="" owner workflow_owner md5 f66326ac9f50cf3b9fa4b665ab955ca0
register_workflow(p_definition jsonb) returns TABLE(definition_id uuid, slug text, version integer, created boolean, activated boolean) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 4aa857076ae2c0eee708a6132798505d
release_lease(p_name text, p_holder uuid, p_token bigint) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 99ac80cd0a77689bd28a2a6e73063785
release_tasks(p_worker uuid, p_tasks json) returns TABLE(ordinal integer, verdict text, queues text[]) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_indexscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 82b8cc846312b3ba6a0a87881f1993df
renew_lease(p_name text, p_holder uuid, p_token bigint, p_ttl_ms integer) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 9167f8d40936c49e76c2de6a66be4438
request_command(p_command jsonb) returns SETOF workflow.orchestrator_commands language plpgsql volatile security definer set search_path="" owner workflow_owner md5 b7ce7a7c447699c1ed7f0396bbaa028c
requests_of_firings(p_firings workflow.schedule_firing[]) returns jsonb language sql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 67b08cd92e02f1986e5a664d230c5626
requeue_lost_tasks(p_token bigint, p_limit integer) returns TABLE(run_id uuid, step_slug text, task_index integer, attempt integer, reason text, queues text[], ended jsonb) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 f0b5edc3dcdc30a5672e197e2aba87ee
reset_steps(p_run_id uuid, p_from text, p_step text) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 8889a65a5d7d5bed5edd9788991867a9
restore_claims(p_run_ids uuid[], p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, join_collapse_limit=1 owner workflow_owner md5 47d92261fd56b5b9924ace84cc06abde
resume_run(p_run_id uuid) returns TABLE(run_id uuid, status text, changed boolean, queues text[]) language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 36b36943730794eabc65c32e43156c21
retry_run(p_run_id uuid, p_from text, p_step text) returns TABLE(run_id uuid, status text, queues text[]) language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 a6fc429e4e20f53e3ae6a2aebefbdbc4
review_claims(p_claims bigint[]) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 2e2c4951deba03f677cdfc943cb27302
run_id_floor(p_time timestamp with time zone) returns uuid language sql immutable owner workflow_owner md5 83e32b618ebf09f2acbde85aa587d7d7
run_schedule_now(p_tenant text, p_name text, p_idempotency_key text) returns TABLE(ordinal integer, outcome text, run_id uuid, status text, code text, message text, field text, queues text[]) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 d5816fffa14bc830e12a7677182d88aa
schedule_offset_ms(p_tenant text, p_name text, p_jitter_ms integer) returns integer language sql immutable set search_path="" owner workflow_owner md5 def6dea0f72ceb2955d7ccae5b52797e
schedule_request(p_schedule workflow.workflow_schedules, p_slot timestamp with time zone) returns jsonb language sql stable security definer set search_path="" owner workflow_owner md5 2675075dced8e1b9bb8dbca8a0539e41
send_messages(p_messages workflow.outgoing_message[]) returns text[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 517b936b18a7e92d1ff62e47e1ef5e66
set_limit(p_name text, p_value bigint) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 dcb7177b43957f924033a1bf5be2d15e
settle_failures(p_worker uuid, p_reports workflow.task_report[], p_reported boolean, p_now timestamp with time zone, OUT accepted integer[], OUT queues text[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 44c1d0dd1f81ee6fb35351f40bb3d651
settle_firings(p_firings workflow.schedule_firing[], p_answers workflow.slot_answer[], p_now timestamp with time zone) returns void language sql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 25b4ee0be870eef52365e4fec5894544
skip_steps(p_tasks workflow.exhausted_task[], p_now timestamp with time zone) returns workflow.step_ref[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_indexscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 03ecb1582db1fe641044890f0838d905
start_dependents(p_ended workflow.ended_step[], p_now timestamp with time zone, p_taker workflow.task_taker, OUT messages workflow.outgoing_message[], OUT maps workflow.step_ref[], OUT ended workflow.step_ref[], OUT handed workflow.handed_task[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_indexscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 ba097164a76b3d77020c3341328ffc2f
start_due_runs(p_token bigint, p_limit integer) returns TABLE(run_id uuid, queues text[]) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 1cb2976a46fd41f127c51163247a4b1d
start_runs(p_requests jsonb) returns TABLE(ordinal integer, outcome text, run_id uuid, status text, code text, message text, field text, queues text[]) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 1167e3146c1e51bd3a1d1fe9aff3e72a
start_tasks(p_worker uuid, p_queues text[], p_capacity integer, p_leader_token bigint, p_settled bigint[]) returns TABLE(claim_id bigint, run_id uuid, step_slug text, task_index integer, attempt integer, workflow text, definition_id uuid, tenant_id text, kind text, input jsonb, run_input jsonb, timeout_ms bigint, deadline timestamp with time zone, wait_ms bigint) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 ca09ac14ba6a5461e91727fb871d337b
step_output(p_run_id uuid, p_definition_id uuid, p_step_slug text) returns jsonb language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 eef31c35b67f07ccb6ac13b2173ae01b
step_size(p_run_id uuid, p_step workflow.workflow_steps, OUT skipped boolean, OUT elements integer, OUT error jsonb) returns record language plpgsql stable security definer set search_path="" owner workflow_owner md5 08d6a17843bc0b97fb77091d2b1dbe91
stop_worker(p_worker uuid) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 1a68ef85ef1757109615ff06ba2dd9eb
store_schedule(p_schedule workflow.workflow_schedules) returns SETOF workflow.workflow_schedules language sql volatile security definer set search_path="" owner workflow_owner md5 5713512be97249fffe7a48fa11ea827c
supersede_commands(p_lease text, p_kind text, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 1ee67aaa24f75a9ad85de91ffa657cb6
take_leadership(p_worker workflow.workflow_workers, p_lease workflow.leases, p_ttl_ms integer, p_now timestamp with time zone) returns workflow.leases language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a01e281d8a20065f29d76705197d4332
take_messages(p_pgmq_queue text, p_now timestamp with time zone, p_limit integer) returns workflow.message_ref[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 50b9df291af07751489d22663a8af5c1
tasks_in_flight(p_claims bigint[]) returns TABLE(claim_id bigint, worker_id uuid, run_id uuid, step_slug text, task_index integer, attempt integer, available_at timestamp with time zone, started_at timestamp with time zone) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 dd94b83dbb5205ff192dca382ae44c26
trim_error(p_error jsonb) returns jsonb language plpgsql stable security definer set search_path="" owner workflow_owner md5 0c53afd9f04b82491285bda7f689329e
update_schedule(p_tenant text, p_name text, p_change jsonb, p_revision bigint) returns SETOF workflow.workflow_schedules language plpgsql volatile security definer set search_path="" owner workflow_owner md5 3d954d2645c6a0a51ac0f43fd3ddde08
what_is_wrong_with_labels(p_labels jsonb) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 ecdce28ddfc79ba5aed5e68ff7fde031
why_leader_changed(p_lease workflow.leases, p_successor text, p_now timestamp with time zone) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 9f8eb47952588e0c547be48442210819
why_not_leading(p_worker workflow.workflow_workers, p_token bigint, p_now timestamp with time zone) returns text language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 afc5725c536c789b58e03eab9e5ca6d7
why_not_stand(p_worker workflow.workflow_workers, p_lease workflow.leases, p_ttl_ms integer, p_standing_ms integer, p_now timestamp with time zone) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 6ca062daa48c52dfb5417bf151380074
withdraw_messages(p_run_ids uuid[]) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 a1c8605613a474ece005c352409f7580
withdraw_step_messages(p_steps workflow.step_ref[]) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 a55150b334df3128ee1609902a7e8be6
worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone) returns boolean language sql immutable owner workflow_owner md5 8635f1d7ce48d514f4673a799d95360c

-- triggers

-- policies

-- grants
function workflow.acquire_lease(p_name text, p_holder uuid, p_ttl_ms integer): workflow_executor may execute
function workflow.acquire_lease(p_name text, p_holder uuid, p_ttl_ms integer): workflow_monitor may execute
function workflow.acquire_lease(p_name text, p_holder uuid, p_ttl_ms integer): workflow_scheduler may execute
function workflow.activate_definition(p_slug text, p_version integer): workflow_router may execute
function workflow.advance_horizon(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.cancel_runs(p_run_ids uuid[], p_reason text): workflow_router may execute
function workflow.clock(): workflow_executor may execute
function workflow.clock(): workflow_monitor may execute
function workflow.clock(): workflow_router may execute
function workflow.clock(): workflow_scheduler may execute
function workflow.complete_tasks(p_worker uuid, p_results json, p_capacity integer, p_leader_token bigint, p_settled bigint[]): workflow_executor may execute
function workflow.create_schedule(p_schedule jsonb): workflow_router may execute
function workflow.delete_runs(p_run_ids uuid[]): workflow_router may execute
function workflow.delete_schedule(p_tenant text, p_name text): workflow_router may execute
function workflow.deprecate_worker(p_worker uuid): workflow_executor may execute
function workflow.deprecate_worker(p_worker uuid): workflow_monitor may execute
function workflow.deprecate_worker(p_worker uuid): workflow_router may execute
function workflow.deprecate_worker(p_worker uuid): workflow_scheduler may execute
function workflow.due_schedules(p_limit integer): workflow_scheduler may execute
function workflow.expire_workers(p_token bigint, p_limit integer): workflow_monitor may execute
function workflow.fail_back(p_token bigint, p_group text, p_reason text): workflow_monitor may execute
function workflow.fail_overdue_runs(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.fail_tasks(p_worker uuid, p_failures json): workflow_executor may execute
function workflow.fence_leader(p_token bigint, p_name text, p_seen bigint, p_reason text, p_command uuid): workflow_monitor may execute
function workflow.fence_lease(p_name text): workflow_executor may execute
function workflow.fence_lease(p_name text): workflow_monitor may execute
function workflow.fence_lease(p_name text): workflow_scheduler may execute
function workflow.find_stuck_steps(): workflow_executor may execute
function workflow.find_stuck_steps(): workflow_monitor may execute
function workflow.find_stuck_steps(): workflow_router may execute
function workflow.find_stuck_steps(): workflow_scheduler may execute
function workflow.finish_command(p_command uuid, p_state text, p_outcome text): workflow_executor may execute
function workflow.finish_command(p_command uuid, p_state text, p_outcome text): workflow_monitor may execute
function workflow.finish_command(p_command uuid, p_state text, p_outcome text): workflow_router may execute
function workflow.finish_command(p_command uuid, p_state text, p_outcome text): workflow_scheduler may execute
function workflow.fire_schedules(p_token bigint, p_firings jsonb): workflow_scheduler may execute
function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]): workflow_executor may execute
function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]): workflow_monitor may execute
function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]): workflow_router may execute
function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]): workflow_scheduler may execute
function workflow.lead_group(p_worker uuid, p_ttl_ms integer, p_standing_ms integer): workflow_executor may execute
function workflow.open_run_counts(): workflow_executor may execute
function workflow.open_run_counts(): workflow_monitor may execute
function workflow.open_run_counts(): workflow_router may execute
function workflow.open_run_counts(): workflow_scheduler may execute
function workflow.pause_run(p_run_id uuid): workflow_router may execute
function workflow.prune_failover_events(p_token bigint, p_limit integer): workflow_monitor may execute
function workflow.prune_runs(p_token bigint, p_before timestamp with time zone, p_limit integer): workflow_scheduler may execute
function workflow.prune_workers(p_token bigint, p_retention_ms bigint, p_limit integer): workflow_monitor may execute
function workflow.read_queue_depths(): workflow_executor may execute
function workflow.read_queue_depths(): workflow_monitor may execute
function workflow.read_queue_depths(): workflow_router may execute
function workflow.read_queue_depths(): workflow_scheduler may execute
function workflow.rebuild_queue(p_token bigint, p_after uuid, p_limit integer): workflow_scheduler may execute
function workflow.record_failover_event(p_event jsonb): workflow_executor may execute
function workflow.record_failover_event(p_event jsonb): workflow_monitor may execute
function workflow.record_failover_event(p_event jsonb): workflow_router may execute
function workflow.record_failover_event(p_event jsonb): workflow_scheduler may execute
function workflow.register_worker(p_worker jsonb): workflow_executor may execute
function workflow.register_worker(p_worker jsonb): workflow_monitor may execute
function workflow.register_worker(p_worker jsonb): workflow_router may execute
function workflow.register_worker(p_worker jsonb): workflow_scheduler may execute
function workflow.register_workflow(p_definition jsonb): workflow_executor may execute
function workflow.register_workflow(p_definition jsonb): workflow_router may execute
function workflow.release_lease(p_name text, p_holder uuid, p_token bigint): workflow_executor may execute
function workflow.release_lease(p_name text, p_holder uuid, p_token bigint): workflow_monitor may execute
function workflow.release_lease(p_name text, p_holder uuid, p_token bigint): workflow_scheduler may execute
function workflow.release_tasks(p_worker uuid, p_tasks json): workflow_executor may execute
function workflow.renew_lease(p_name text, p_holder uuid, p_token bigint, p_ttl_ms integer): workflow_executor may execute
function workflow.renew_lease(p_name text, p_holder uuid, p_token bigint, p_ttl_ms integer): workflow_monitor may execute
function workflow.renew_lease(p_name text, p_holder uuid, p_token bigint, p_ttl_ms integer): workflow_scheduler may execute
function workflow.request_command(p_command jsonb): workflow_router may execute
function workflow.requeue_lost_tasks(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.resume_run(p_run_id uuid): workflow_router may execute
function workflow.retry_run(p_run_id uuid, p_from text, p_step text): workflow_router may execute
function workflow.run_schedule_now(p_tenant text, p_name text, p_idempotency_key text): workflow_router may execute
function workflow.start_due_runs(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.start_runs(p_requests jsonb): workflow_router may execute
function workflow.start_tasks(p_worker uuid, p_queues text[], p_capacity integer, p_leader_token bigint, p_settled bigint[]): workflow_executor may execute
function workflow.stop_worker(p_worker uuid): workflow_executor may execute
function workflow.stop_worker(p_worker uuid): workflow_monitor may execute
function workflow.stop_worker(p_worker uuid): workflow_router may execute
function workflow.stop_worker(p_worker uuid): workflow_scheduler may execute
function workflow.update_schedule(p_tenant text, p_name text, p_change jsonb, p_revision bigint): workflow_router may execute
function workflow.worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_executor may execute
function workflow.worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_monitor may execute
function workflow.worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_router may execute
function workflow.worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_scheduler may execute
schema pgmq: pg_monitor may usage
schema pgmq: workflow_executor may usage
schema pgmq: workflow_monitor may usage
schema pgmq: workflow_owner may create, usage
schema pgmq: workflow_router may usage
schema pgmq: workflow_scheduler may usage
schema workflow: workflow_executor may usage
schema workflow: workflow_monitor may usage
schema workflow: workflow_router may usage
schema workflow: workflow_scheduler may usage
sequence pgmq.q_health_probe_msg_id_seq: workflow_executor may usage
sequence pgmq.q_health_probe_msg_id_seq: workflow_monitor may usage
sequence pgmq.q_health_probe_msg_id_seq: workflow_router may usage
sequence pgmq.q_health_probe_msg_id_seq: workflow_scheduler may usage
table pgmq.meta: pg_monitor may select
table pgmq.meta: workflow_executor may select
table pgmq.meta: workflow_monitor may select
table pgmq.meta: workflow_owner may delete, insert, maintain, references, select, trigger, truncate, update
table pgmq.meta: workflow_router may select
table pgmq.meta: workflow_scheduler may select
table pgmq.notify_insert_throttle: pg_monitor may select
table pgmq.notify_insert_throttle: workflow_owner may delete, insert, maintain, references, select, trigger, truncate, update
table pgmq.q_health_probe: workflow_executor may delete, insert, select, update
table pgmq.q_health_probe: workflow_monitor may delete, insert, select, update
table pgmq.q_health_probe: workflow_router may delete, insert, select, update
table pgmq.q_health_probe: workflow_scheduler may delete, insert, select, update
table pgmq.topic_bindings: pg_monitor may select
table pgmq.topic_bindings: workflow_owner may delete, insert, maintain, references, select, trigger, truncate, update
table workflow.claims: workflow_executor may select
table workflow.claims: workflow_monitor may select
table workflow.claims: workflow_router may select
table workflow.claims: workflow_scheduler may select
table workflow.failover_events: workflow_executor may select
table workflow.failover_events: workflow_monitor may select
table workflow.failover_events: workflow_router may select
table workflow.failover_events: workflow_scheduler may select
table workflow.installation: workflow_executor may select
table workflow.installation: workflow_monitor may select
table workflow.installation: workflow_router may select
table workflow.installation: workflow_scheduler may select
table workflow.leases: workflow_executor may select
table workflow.leases: workflow_monitor may select
table workflow.leases: workflow_router may select
table workflow.leases: workflow_scheduler may select
table workflow.limits: workflow_executor may select
table workflow.limits: workflow_monitor may select
table workflow.limits: workflow_router may select
table workflow.limits: workflow_scheduler may select
table workflow.open_run_changes: workflow_executor may select
table workflow.open_run_changes: workflow_monitor may select
table workflow.open_run_changes: workflow_router may select
table workflow.open_run_changes: workflow_scheduler may select
table workflow.orchestrator_commands: workflow_executor may select
table workflow.orchestrator_commands: workflow_monitor may select
table workflow.orchestrator_commands: workflow_router may select
table workflow.orchestrator_commands: workflow_scheduler may select
table workflow.queue_depths: workflow_executor may select
table workflow.queue_depths: workflow_monitor may select
table workflow.queue_depths: workflow_router may select
table workflow.queue_depths: workflow_scheduler may select
table workflow.queue_marker: workflow_executor may select
table workflow.queue_marker: workflow_monitor may select
table workflow.queue_marker: workflow_router may select
table workflow.queue_marker: workflow_scheduler may select
table workflow.queues: workflow_executor may select
table workflow.queues: workflow_monitor may select
table workflow.queues: workflow_router may select
table workflow.queues: workflow_scheduler may select
table workflow.run_deletions: workflow_executor may select
table workflow.run_deletions: workflow_monitor may select
table workflow.run_deletions: workflow_router may select
table workflow.run_deletions: workflow_scheduler may select
table workflow.run_events: workflow_executor may select
table workflow.run_events: workflow_monitor may select
table workflow.run_events: workflow_router may select
table workflow.run_events: workflow_scheduler may select
table workflow.run_horizon: workflow_executor may select
table workflow.run_horizon: workflow_monitor may select
table workflow.run_horizon: workflow_router may select
table workflow.run_horizon: workflow_scheduler may select
table workflow.run_timers: workflow_executor may select
table workflow.run_timers: workflow_monitor may select
table workflow.run_timers: workflow_router may select
table workflow.run_timers: workflow_scheduler may select
table workflow.schema_functions: workflow_executor may select
table workflow.schema_functions: workflow_monitor may select
table workflow.schema_functions: workflow_router may select
table workflow.schema_functions: workflow_scheduler may select
table workflow.schema_migrations: workflow_executor may select
table workflow.schema_migrations: workflow_monitor may select
table workflow.schema_migrations: workflow_router may select
table workflow.schema_migrations: workflow_scheduler may select
table workflow.schema_release: workflow_executor may select
table workflow.schema_release: workflow_monitor may select
table workflow.schema_release: workflow_router may select
table workflow.schema_release: workflow_scheduler may select
table workflow.step_attempts: workflow_executor may select
table workflow.step_attempts: workflow_monitor may select
table workflow.step_attempts: workflow_router may select
table workflow.step_attempts: workflow_scheduler may select
table workflow.step_states: workflow_executor may select
table workflow.step_states: workflow_monitor may select
table workflow.step_states: workflow_router may select
table workflow.step_states: workflow_scheduler may select
table workflow.step_tasks: workflow_executor may select
table workflow.step_tasks: workflow_monitor may select
table workflow.step_tasks: workflow_router may select
table workflow.step_tasks: workflow_scheduler may select
table workflow.stuck_steps: workflow_executor may select
table workflow.stuck_steps: workflow_monitor may select
table workflow.stuck_steps: workflow_router may select
table workflow.stuck_steps: workflow_scheduler may select
table workflow.worker_states: workflow_executor may select
table workflow.worker_states: workflow_monitor may select
table workflow.worker_states: workflow_router may select
table workflow.worker_states: workflow_scheduler may select
table workflow.workflow_definitions: workflow_executor may select
table workflow.workflow_definitions: workflow_monitor may select
table workflow.workflow_definitions: workflow_router may select
table workflow.workflow_definitions: workflow_scheduler may select
table workflow.workflow_runs: workflow_executor may select
table workflow.workflow_runs: workflow_monitor may select
table workflow.workflow_runs: workflow_router may select
table workflow.workflow_runs: workflow_scheduler may select
table workflow.workflow_schedules: workflow_executor may select
table workflow.workflow_schedules: workflow_monitor may select
table workflow.workflow_schedules: workflow_router may select
table workflow.workflow_schedules: workflow_scheduler may select
table workflow.workflow_step_dependencies: workflow_executor may select
table workflow.workflow_step_dependencies: workflow_monitor may select
table workflow.workflow_step_dependencies: workflow_router may select
table workflow.workflow_step_dependencies: workflow_scheduler may select
table workflow.workflow_steps: workflow_executor may select
table workflow.workflow_steps: workflow_monitor may select
table workflow.workflow_steps: workflow_router may select
table workflow.workflow_steps: workflow_scheduler may select
table workflow.workflow_versions: workflow_executor may select
table workflow.workflow_versions: workflow_monitor may select
table workflow.workflow_versions: workflow_router may select
table workflow.workflow_versions: workflow_scheduler may select
table workflow.workflow_workers: workflow_executor may select
table workflow.workflow_workers: workflow_monitor may select
table workflow.workflow_workers: workflow_router may select
table workflow.workflow_workers: workflow_scheduler may select

-- roles
workflow_executor
workflow_monitor
workflow_owner
workflow_router
workflow_scheduler

-- queues
default_p0 (unlogged)
default_p1 (unlogged)
default_p2 (unlogged)
health_probe (unlogged)
