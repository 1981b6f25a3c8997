-- A fresh install, read back from the catalog. Written by `pnpm snapshot`, compared by `pnpm check`; never edited, never applied.

-- tables and views
table adoption_work owner workflow_owner
table adoptions owner workflow_owner
table api_keys owner workflow_owner
table ballot_numbers owner workflow_owner
table ballots owner workflow_owner
table claim_throttle owner workflow_owner
table claims (unlogged) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000, autovacuum_vacuum_cost_delay=0) owner workflow_owner
table decided_versions owner workflow_owner
table failover_events owner workflow_owner
table group_adoptions owner workflow_owner
table group_moves owner workflow_owner
table held_messages (unlogged) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000, autovacuum_vacuum_cost_delay=0) owner workflow_owner
table installation owner workflow_owner
view lawful_runs with (check_option=cascaded) owner workflow_owner md5 4ef55168daf0c6abe039dda2005fb7c0 replica identity nothing
view lawful_steps with (check_option=cascaded) owner workflow_owner md5 96b286e8009dcfd1ccc5a2f80891c534 replica identity nothing
view lawful_tasks with (check_option=cascaded) owner workflow_owner md5 98ff1e7bc0c0de8c29a0e0bee6e8ec3a replica identity nothing
table lease_grants owner workflow_owner
table leases with (fillfactor=50) owner workflow_owner
table limits owner workflow_owner
table log_wishes owner workflow_owner
table lost_runs owner workflow_owner
table mesh owner workflow_owner
table mesh_links owner workflow_owner
table open_run_changes (unlogged) owner workflow_owner
table orchestrator_commands owner workflow_owner
table placement owner workflow_owner
table placement_history owner workflow_owner
view queue_depths owner workflow_owner md5 8b77f4d5e1d7dc1f9a6d2f3f156c2f64 replica identity nothing
table queue_marker (unlogged) owner workflow_owner
table queues owner workflow_owner
table region_commands owner workflow_owner
table region_lease owner workflow_owner
table region_members owner workflow_owner
table region_seals owner workflow_owner
table region_suspicions owner workflow_owner
table replicated_columns owner workflow_owner
table replication_conflicts owner workflow_owner
table run_deletions owner workflow_owner
view run_events owner workflow_owner md5 2e038d516b3343b412c51f6c08e699cc replica identity nothing
table run_horizon owner workflow_owner
table run_request_outcomes owner workflow_owner
table run_requests owner workflow_owner
table run_timers owner workflow_owner
table schema_functions owner workflow_owner
table schema_migrations owner workflow_owner
table schema_release owner workflow_owner
table step_attempts owner workflow_owner
table step_states with (fillfactor=50) owner workflow_owner
table step_tasks with (fillfactor=50) owner workflow_owner
table stream_clock owner workflow_owner
table stream_ledger owner workflow_owner
table stream_ticks owner workflow_owner
view stuck_steps owner workflow_owner md5 0131144a5320fb61870ddaf07c5a2d7c replica identity nothing
table tenant_registry owner workflow_owner
table told_suspicions owner workflow_owner
table topology owner workflow_owner
view worker_states owner workflow_owner md5 9355b5a019831c1f839dab40ad3fd344 replica identity nothing
table workflow_definitions owner workflow_owner
table workflow_runs with (fillfactor=50) owner workflow_owner
table workflow_schedules with (fillfactor=80) owner workflow_owner
table workflow_step_dependencies owner workflow_owner
table workflow_steps owner workflow_owner
table workflow_versions owner workflow_owner
table workflow_workers with (fillfactor=50) owner workflow_owner

-- columns
adoption_work.placement_group text not null
adoption_work.run_id uuid not null
adoptions.placement_group text not null
adoptions.tenure bigint not null
adoptions.reached uuid
adoptions.begun_at timestamp with time zone not null
api_keys.key_id uuid not null
api_keys.key_sha256 bytea not null
api_keys.name text not null
api_keys.role text not null
api_keys.tenants text[] not null
api_keys.created_at timestamp with time zone not null
api_keys.expires_at timestamp with time zone
api_keys.revoked_at timestamp with time zone
api_keys.epoch bigint
ballot_numbers.singleton boolean not null default true
ballot_numbers.last_round bigint not null
ballots.epoch bigint not null
ballots.promised bigint not null
ballots.accepted_ballot bigint
ballots.accepted_value jsonb
claim_throttle.singleton boolean not null default true
claim_throttle.reason text not null
claim_throttle.since timestamp with time zone not null
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
decided_versions.slug text not null
decided_versions.version integer not null
decided_versions.definition_id uuid not null
decided_versions.active boolean not null
decided_versions.epoch bigint not null
decided_versions.decided_at timestamp with time zone not null
decided_versions.activated_at timestamp with time zone
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
ended_step.durability text
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
group_adoptions.placement_group text not null
group_adoptions.residency text not null default 'global'::text
group_adoptions.home_epoch bigint not null
group_adoptions.region text not null
group_adoptions.member_id uuid not null
group_adoptions.revision bigint not null default 1
group_adoptions.written_tick bigint not null
group_adoptions.adopted_at timestamp with time zone not null
group_moves.placement_group text not null
group_moves.target text not null
group_moves.mark text not null
group_moves.tenure bigint not null
group_moves.marked_at timestamp with time zone not null
group_moves.drain_until timestamp with time zone not null
group_moves.stopped_position pg_lsn
group_moves.proposed_epoch bigint
group_moves.reason text
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
held_messages.run_id uuid not null
held_messages.step_slug text not null
held_messages.task_index integer not null
held_messages.queue text not null
held_messages.visible_at timestamp with time zone not null
held_messages.zone text not null
held_messages.held_at timestamp with time zone not null
held_messages.position pg_lsn
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
held_report.durability text
installation.singleton boolean not null default true
installation.member_id uuid not null default gen_random_uuid()
installation.installed_at timestamp with time zone not null default clock_timestamp()
lawful_runs.run_id uuid
lawful_runs.residency text
lawful_runs.home_epoch bigint
lawful_runs.revision bigint
lawful_runs.written_tick bigint
lawful_runs.tenant_id text
lawful_runs.placement_group text
lawful_runs.workflow text
lawful_runs.definition_id uuid
lawful_runs.status text
lawful_runs.priority smallint
lawful_runs.durability text
lawful_runs.remaining_leaves integer
lawful_runs.total_steps integer
lawful_runs.idempotency_key text
lawful_runs.request_hash bytea
lawful_runs.parent_run_id uuid
lawful_runs.labels jsonb
lawful_runs.input jsonb
lawful_runs.output jsonb
lawful_runs.error jsonb
lawful_runs.run_at timestamp with time zone
lawful_runs.deadline timestamp with time zone
lawful_runs.created_at timestamp with time zone
lawful_runs.started_at timestamp with time zone
lawful_runs.paused_at timestamp with time zone
lawful_runs.finished_at timestamp with time zone
lawful_steps.run_id uuid
lawful_steps.step_slug text
lawful_steps.residency text
lawful_steps.home_epoch bigint
lawful_steps.revision bigint
lawful_steps.written_tick bigint
lawful_steps.status text
lawful_steps.remaining_deps integer
lawful_steps.initial_tasks integer
lawful_steps.remaining_tasks integer
lawful_steps.output_bytes bigint
lawful_steps.skip_reason text
lawful_steps.error jsonb
lawful_steps.created_at timestamp with time zone
lawful_steps.started_at timestamp with time zone
lawful_steps.finished_at timestamp with time zone
lawful_tasks.run_id uuid
lawful_tasks.step_slug text
lawful_tasks.task_index integer
lawful_tasks.residency text
lawful_tasks.home_epoch bigint
lawful_tasks.revision bigint
lawful_tasks.written_tick bigint
lawful_tasks.status text
lawful_tasks.attempt integer
lawful_tasks.failures integer
lawful_tasks.available_at timestamp with time zone
lawful_tasks.worker_id uuid
lawful_tasks.output jsonb
lawful_tasks.error jsonb
lawful_tasks.created_at timestamp with time zone
lawful_tasks.started_at timestamp with time zone
lawful_tasks.finished_at timestamp with time zone
lease_grants.member_id uuid not null
lease_grants.last_round bigint not null default 0
lease_grants.grants bigint not null default 0
lease_grants.live_calls bigint not null default 0
lease_grants.granted_at timestamp with time zone
lease_grants.lease_live boolean not null default false
lease_grants.lease_ms integer
lease_grants.schema_version integer
lease_grants.reached_at timestamp with time zone
lease_grants.withheld boolean not null default false
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
log_wishes.wish_id bigint not null identity
log_wishes.item jsonb not null
log_wishes.wished_at timestamp with time zone not null
log_wishes.position pg_lsn
log_wishes.epoch bigint
log_wishes.outcome text
log_wishes.told boolean not null default false
lost_runs.run_id uuid not null
lost_runs.residency text not null
lost_runs.lost_to uuid not null
lost_runs.home_epoch bigint not null
lost_runs.lost_at timestamp with time zone not null
mesh.singleton boolean not null default true
mesh.mesh_id uuid not null
mesh.region text not null
mesh.has_zones boolean not null
mesh.last_epoch bigint not null
mesh.member_epoch bigint not null
mesh.founded_at timestamp with time zone not null
mesh.stopped_reason text
mesh.unknown_epoch bigint
mesh_links.member_id uuid not null
mesh_links.region text not null
mesh_links.peer_schema integer
mesh_links.peer_report jsonb
mesh_links.published_version integer
mesh_links.slot_name text
mesh_links.generation integer not null default 0
mesh_links.address_sha256 text
mesh_links.made_under bigint
mesh_links.made_at timestamp with time zone
mesh_links.copied_position pg_lsn
mesh_links.copied_at timestamp with time zone
mesh_links.whole_position pg_lsn
mesh_links.whole_at timestamp with time zone
mesh_links.kept_position pg_lsn
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
placement.placement_group text not null
placement.region text not null
placement.member_id uuid not null
placement.tenure bigint not null
placement.split_from text
placement.split_tenure bigint
placement_history.placement_group text not null
placement_history.tenure bigint not null
placement_history.region text not null
placement_history.member_id uuid not null
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
region_commands.command_id uuid not null
region_commands.command text not null
region_commands.arguments jsonb not null
region_commands.state text not null default 'requested'::text
region_commands.requested_by text
region_commands.requested_at timestamp with time zone not null
region_commands.finished_at timestamp with time zone
region_commands.outcome text
region_lease.singleton boolean not null default true
region_lease.round bigint not null default 0
region_lease.round_epoch bigint
region_lease.round_began_at timestamp with time zone
region_lease.round_server_started timestamp with time zone
region_lease.lease_ms integer not null default 5000
region_lease.expires_at timestamp with time zone
region_lease.server_started_at timestamp with time zone
region_lease.epoch bigint
region_lease.lost_at timestamp with time zone
region_members.member_id uuid not null
region_members.region text not null
region_members.zone text not null
region_members.state text not null
region_members.addresses jsonb not null default '{}'::jsonb
region_members.member_epoch bigint not null
region_seals.member_id uuid not null
region_seals.epoch bigint
region_seals.deposed_epoch bigint
region_seals.sealed_at timestamp with time zone not null
region_seals.ranks jsonb
region_suspicions.member_id uuid not null
region_suspicions.grants_seen bigint not null
region_suspicions.granting boolean not null
region_suspicions.noted_at timestamp with time zone not null
replicated_columns.table_name text not null
replicated_columns.column_name text not null
replicated_columns.since integer not null
replication_conflicts.conflict_id bigint not null identity
replication_conflicts.at timestamp with time zone not null default clock_timestamp()
replication_conflicts.sender text not null
replication_conflicts.table_name text not null
replication_conflicts.kind text not null
replication_conflicts.run_id uuid
replication_conflicts.incoming_epoch bigint
replication_conflicts.stored_epoch bigint
replication_conflicts.incoming jsonb
replication_conflicts.stored jsonb
run_closing.run_id uuid
run_closing.status text
run_closing.error jsonb
run_deletions.run_id uuid not null
run_deletions.residency text not null default 'global'::text
run_deletions.home_epoch bigint not null
run_deletions.revision bigint not null default 1
run_deletions.written_tick bigint not null
run_deletions.deleted_at timestamp with time zone not null
run_deletions.tenant_id text
run_deletions.placement_group text
run_deletions.workflow text
run_deletions.idempotency_key text
run_deletions.run_epoch bigint
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
run_request_outcomes.request_id uuid not null
run_request_outcomes.residency text not null default 'global'::text
run_request_outcomes.home_epoch bigint not null
run_request_outcomes.revision bigint not null default 1
run_request_outcomes.written_tick bigint not null
run_request_outcomes.outcome text not null
run_request_outcomes.run_id uuid
run_request_outcomes.code text
run_request_outcomes.message text
run_request_outcomes.decided_at timestamp with time zone not null
run_requests.request_id uuid not null
run_requests.residency text not null default 'global'::text
run_requests.writer uuid not null
run_requests.written_tick bigint not null
run_requests.tenant_id text not null
run_requests.placement_group text not null
run_requests.request jsonb not null
run_requests.key_id uuid
run_requests.requested_at timestamp with time zone not null
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
stream_clock.singleton boolean not null default true
stream_clock.tick bigint not null default 0
stream_ledger.writer uuid not null
stream_ledger.residency text not null default 'global'::text
stream_ledger.replicated_through bigint not null
stream_ledger.revision bigint not null default 1
stream_ledger.written_at timestamp with time zone not null
stream_ticks.tick bigint not null
stream_ticks.ended_at timestamp with time zone not null
stream_ticks.next_xid xid8 not null
stream_ticks.position pg_lsn
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
tenant_registry.tenant_id text not null
tenant_registry.residency text not null
tenant_registry.own_group text
tenant_registry.fallback_regions text[] not null default '{}'::text[]
tenant_registry.default_durability text not null default 'local'::text
tenant_registry.epoch bigint not null
told_suspicions.member_id uuid not null
told_suspicions.told_at timestamp with time zone not null
topology.epoch bigint not null
topology.value jsonb not null
topology.decided_at timestamp with time zone not null
topology.learned_at timestamp with time zone not null
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
adoption_work.adoption_work_pkey PRIMARY KEY (placement_group, run_id)
adoptions.adoptions_pkey PRIMARY KEY (placement_group)
api_keys.a_hash_is_one CHECK ((length(key_sha256) = 32))
api_keys.api_keys_key_sha256_key UNIQUE (key_sha256)
api_keys.api_keys_pkey PRIMARY KEY (key_id)
api_keys.role_known CHECK ((role = ANY (ARRAY['tenant'::text, 'operator'::text, 'admin'::text])))
api_keys.tenants_iff_tenant CHECK (((role = 'tenant'::text) = (cardinality(tenants) > 0)))
ballot_numbers.ballot_numbers_pkey PRIMARY KEY (singleton)
ballot_numbers.one_row_only CHECK (singleton)
ballots.accepted_at_most_what_was_promised CHECK ((accepted_ballot <= promised))
ballots.accepted_together CHECK (((accepted_ballot IS NULL) = (accepted_value IS NULL)))
ballots.ballots_pkey PRIMARY KEY (epoch)
claim_throttle.claim_throttle_pkey PRIMARY KEY (singleton)
claim_throttle.one_row_only CHECK (singleton)
claims.claims_pkey PRIMARY KEY (claim_id)
decided_versions.an_active_version_was_activated CHECK (((NOT active) OR (activated_at IS NOT NULL)))
decided_versions.decided_versions_pkey PRIMARY KEY (slug, version)
decided_versions.decided_versions_slug_definition_id_key UNIQUE (slug, definition_id)
failover_events.failover_events_pkey PRIMARY KEY (event_id)
group_adoptions.group_adoptions_pkey PRIMARY KEY (placement_group, home_epoch, residency)
group_moves.group_moves_pkey PRIMARY KEY (placement_group)
group_moves.mark_known CHECK ((mark = ANY (ARRAY['draining'::text, 'stopped'::text])))
group_moves.stopped_iff_position CHECK (((stopped_position IS NOT NULL) = (mark = 'stopped'::text)))
installation.installation_pkey PRIMARY KEY (singleton)
installation.one_row_only CHECK (singleton)
lease_grants.lease_grants_pkey PRIMARY KEY (member_id)
leases.leases_pkey PRIMARY KEY (name)
limits.a_bound_is_positive CHECK ((value > 0))
limits.limits_pkey PRIMARY KEY (name)
log_wishes.log_wishes_pkey PRIMARY KEY (wish_id)
log_wishes.outcome_iff_decided CHECK (((epoch IS NULL) = (outcome IS NULL)))
lost_runs.lost_runs_pkey PRIMARY KEY (run_id, residency)
mesh.mesh_pkey PRIMARY KEY (singleton)
mesh.one_row_only CHECK (singleton)
mesh_links.address_iff_made CHECK (((address_sha256 IS NULL) = (made_at IS NULL)))
mesh_links.copied_together CHECK (((copied_at IS NULL) = (copied_position IS NULL)))
mesh_links.copied_when_made CHECK (((copied_at IS NULL) OR (made_at IS NOT NULL)))
mesh_links.kept_until_whole CHECK (((kept_position IS NULL) OR (whole_at IS NULL)))
mesh_links.mesh_links_pkey PRIMARY KEY (member_id)
mesh_links.slot_iff_made CHECK (((slot_name IS NULL) = (made_at IS NULL)))
mesh_links.whole_together CHECK (((whole_at IS NULL) = (whole_position IS NULL)))
mesh_links.whole_when_copied CHECK (((whole_at IS NULL) OR (copied_at IS NOT NULL)))
orchestrator_commands.finished_iff_not_requested CHECK (((finished_at IS NULL) = (state = 'requested'::text)))
orchestrator_commands.kind_known CHECK ((kind = ANY (ARRAY['stop'::text, 'promote'::text, 'fence'::text])))
orchestrator_commands.orchestrator_commands_pkey PRIMARY KEY (command_id)
orchestrator_commands.outcome_iff_finished CHECK (((outcome IS NULL) = (finished_at IS NULL)))
orchestrator_commands.state_known CHECK ((state = ANY (ARRAY['requested'::text, 'done'::text, 'failed'::text])))
placement.placement_pkey PRIMARY KEY (placement_group)
placement.split_together CHECK (((split_from IS NULL) = (split_tenure IS NULL)))
placement_history.placement_history_pkey PRIMARY KEY (placement_group, tenure)
queue_marker.one_row_only CHECK (singleton)
queue_marker.queue_marker_pkey PRIMARY KEY (singleton)
queues.queues_pkey PRIMARY KEY (name)
region_commands.finished_iff_over CHECK (((finished_at IS NOT NULL) = (state = ANY (ARRAY['done'::text, 'failed'::text]))))
region_commands.region_commands_pkey PRIMARY KEY (command_id)
region_commands.state_known CHECK ((state = ANY (ARRAY['requested'::text, 'working'::text, 'done'::text, 'failed'::text])))
region_lease.one_row_only CHECK (singleton)
region_lease.region_lease_pkey PRIMARY KEY (singleton)
region_members.member_state_known CHECK ((state = ANY (ARRAY['joining'::text, 'full'::text, 'retiring'::text, 'copying'::text, 'gone'::text])))
region_members.region_members_pkey PRIMARY KEY (member_id)
region_seals.ranks_are_of_an_epoch CHECK (((epoch IS NOT NULL) OR (ranks IS NULL)))
region_seals.region_seals_pkey PRIMARY KEY (member_id)
region_suspicions.region_suspicions_pkey PRIMARY KEY (member_id)
replicated_columns.replicated_columns_pkey PRIMARY KEY (table_name, column_name)
replication_conflicts.conflict_kind_known CHECK ((kind = ANY (ARRAY['stale'::text, 'superseded'::text, 'lost_key'::text, 'lost_run'::text, 'newer_by_update'::text])))
replication_conflicts.replication_conflicts_pkey PRIMARY KEY (conflict_id)
run_deletions.run_deletions_pkey PRIMARY KEY (run_id, residency)
run_horizon.one_row_only CHECK (singleton)
run_horizon.run_horizon_pkey PRIMARY KEY (singleton)
run_request_outcomes.outcome_known CHECK ((outcome = ANY (ARRAY['started'::text, 'merged'::text, 'refused'::text])))
run_request_outcomes.run_request_outcomes_pkey PRIMARY KEY (request_id, home_epoch, residency)
run_requests.run_requests_pkey PRIMARY KEY (request_id, residency)
run_timers.run_timers_pkey PRIMARY KEY (run_id, kind, residency)
run_timers.timer_kind_known CHECK ((kind = ANY (ARRAY['start'::text, 'deadline'::text])))
schema_functions.schema_functions_pkey PRIMARY KEY (path)
schema_migrations.schema_migrations_pkey PRIMARY KEY (version)
schema_release.one_row_only CHECK (singleton)
schema_release.schema_release_pkey PRIMARY KEY (singleton)
step_attempts.step_attempts_pkey PRIMARY KEY (run_id, step_slug, task_index, attempt, residency)
step_states.step_states_pkey PRIMARY KEY (run_id, step_slug, residency)
step_tasks.step_tasks_pkey PRIMARY KEY (run_id, step_slug, task_index, residency)
stream_clock.one_row_only CHECK (singleton)
stream_clock.stream_clock_pkey PRIMARY KEY (singleton)
stream_ledger.a_ledger_belongs_to_everybody CHECK ((residency = 'global'::text))
stream_ledger.stream_ledger_pkey PRIMARY KEY (writer, residency)
stream_ticks.stream_ticks_pkey PRIMARY KEY (tick)
tenant_registry.durability_known CHECK ((default_durability = ANY (ARRAY['local'::text, 'quorum'::text])))
tenant_registry.tenant_registry_own_group_key UNIQUE (own_group)
tenant_registry.tenant_registry_pkey PRIMARY KEY (tenant_id)
told_suspicions.told_suspicions_pkey PRIMARY KEY (member_id)
topology.a_value_has_a_version_and_a_kind CHECK (((value ? 'version'::text) AND (value ? 'kind'::text)))
topology.epochs_begin_at_one CHECK ((epoch >= 1))
topology.topology_pkey PRIMARY KEY (epoch)
workflow_definitions.a_definition_belongs_to_everybody CHECK ((residency = 'global'::text))
workflow_definitions.workflow_definitions_pkey PRIMARY KEY (definition_id, writer, residency)
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
CREATE UNIQUE INDEX adoption_work_pkey ON workflow.adoption_work USING btree (placement_group, run_id)
CREATE UNIQUE INDEX adoptions_pkey ON workflow.adoptions USING btree (placement_group)
CREATE UNIQUE INDEX api_keys_key_sha256_key ON workflow.api_keys USING btree (key_sha256)
CREATE UNIQUE INDEX api_keys_pkey ON workflow.api_keys USING btree (key_id)
CREATE UNIQUE INDEX ballot_numbers_pkey ON workflow.ballot_numbers USING btree (singleton)
CREATE UNIQUE INDEX ballots_pkey ON workflow.ballots USING btree (epoch)
CREATE UNIQUE INDEX claim_throttle_pkey ON workflow.claim_throttle USING btree (singleton)
CREATE INDEX claims_of_a_worker ON workflow.claims USING btree (worker_id)
CREATE UNIQUE INDEX claims_pkey ON workflow.claims USING btree (claim_id)
CREATE INDEX decided_versions_by_definition ON workflow.decided_versions USING btree (definition_id)
CREATE UNIQUE INDEX decided_versions_pkey ON workflow.decided_versions USING btree (slug, version)
CREATE UNIQUE INDEX decided_versions_slug_definition_id_key ON workflow.decided_versions USING btree (slug, definition_id)
CREATE UNIQUE INDEX one_decided_active_version ON workflow.decided_versions USING btree (slug) WHERE active
CREATE INDEX failover_events_by_time ON workflow.failover_events USING btree (occurred_at DESC)
CREATE UNIQUE INDEX failover_events_pkey ON workflow.failover_events USING btree (event_id)
CREATE UNIQUE INDEX group_adoptions_pkey ON workflow.group_adoptions USING btree (placement_group, home_epoch, residency)
CREATE UNIQUE INDEX group_moves_pkey ON workflow.group_moves USING btree (placement_group)
CREATE INDEX held_messages_by_position ON workflow.held_messages USING btree (zone, "position")
CREATE INDEX held_messages_of_a_run ON workflow.held_messages USING btree (run_id)
CREATE INDEX held_messages_without_position ON workflow.held_messages USING btree (held_at) WHERE ("position" IS NULL)
CREATE UNIQUE INDEX installation_pkey ON workflow.installation USING btree (singleton)
CREATE UNIQUE INDEX lease_grants_pkey ON workflow.lease_grants USING btree (member_id)
CREATE UNIQUE INDEX leases_pkey ON workflow.leases USING btree (name)
CREATE UNIQUE INDEX limits_pkey ON workflow.limits USING btree (name)
CREATE UNIQUE INDEX log_wishes_pkey ON workflow.log_wishes USING btree (wish_id)
CREATE UNIQUE INDEX one_wish_for_an_item ON workflow.log_wishes USING btree (md5((item)::text)) WHERE (epoch IS NULL)
CREATE INDEX lost_runs_by_winner ON workflow.lost_runs USING btree (lost_to)
CREATE UNIQUE INDEX lost_runs_pkey ON workflow.lost_runs USING btree (run_id, residency)
CREATE UNIQUE INDEX mesh_pkey ON workflow.mesh USING btree (singleton)
CREATE UNIQUE INDEX mesh_links_pkey ON workflow.mesh_links USING btree (member_id)
CREATE UNIQUE INDEX one_open_command_per_lease ON workflow.orchestrator_commands USING btree (lease) WHERE (finished_at IS NULL)
CREATE INDEX orchestrator_commands_by_time ON workflow.orchestrator_commands USING btree (requested_at DESC)
CREATE UNIQUE INDEX orchestrator_commands_pkey ON workflow.orchestrator_commands USING btree (command_id)
CREATE INDEX placement_by_member ON workflow.placement USING btree (member_id)
CREATE UNIQUE INDEX placement_pkey ON workflow.placement USING btree (placement_group)
CREATE UNIQUE INDEX placement_history_pkey ON workflow.placement_history USING btree (placement_group, tenure)
CREATE UNIQUE INDEX queue_marker_pkey ON workflow.queue_marker USING btree (singleton)
CREATE UNIQUE INDEX queues_pkey ON workflow.queues USING btree (name)
CREATE UNIQUE INDEX region_commands_pkey ON workflow.region_commands USING btree (command_id)
CREATE UNIQUE INDEX region_lease_pkey ON workflow.region_lease USING btree (singleton)
CREATE UNIQUE INDEX one_member_per_region ON workflow.region_members USING btree (region) WHERE (state <> 'gone'::text)
CREATE UNIQUE INDEX region_members_pkey ON workflow.region_members USING btree (member_id)
CREATE UNIQUE INDEX region_seals_pkey ON workflow.region_seals USING btree (member_id)
CREATE UNIQUE INDEX region_suspicions_pkey ON workflow.region_suspicions USING btree (member_id)
CREATE UNIQUE INDEX replicated_columns_pkey ON workflow.replicated_columns USING btree (table_name, column_name)
CREATE INDEX conflicts_of_a_run ON workflow.replication_conflicts USING btree (run_id)
CREATE UNIQUE INDEX replication_conflicts_pkey ON workflow.replication_conflicts USING btree (conflict_id)
CREATE INDEX deletions_by_key ON workflow.run_deletions USING btree (tenant_id, workflow, idempotency_key) WHERE (idempotency_key IS NOT NULL)
CREATE UNIQUE INDEX run_deletions_pkey ON workflow.run_deletions USING btree (run_id, residency)
CREATE UNIQUE INDEX run_horizon_pkey ON workflow.run_horizon USING btree (singleton)
CREATE UNIQUE INDEX run_request_outcomes_pkey ON workflow.run_request_outcomes USING btree (request_id, home_epoch, residency)
CREATE INDEX requests_by_key ON workflow.run_requests USING btree (tenant_id, ((request ->> 'workflow'::text)), ((request ->> 'idempotency_key'::text))) WHERE ((request ->> 'idempotency_key'::text) IS NOT NULL)
CREATE UNIQUE INDEX run_requests_pkey ON workflow.run_requests USING btree (request_id, residency)
CREATE UNIQUE INDEX run_timers_pkey ON workflow.run_timers USING btree (run_id, kind, residency)
CREATE INDEX timers_by_due_time ON workflow.run_timers USING btree (kind, due_at)
CREATE UNIQUE INDEX schema_functions_pkey ON workflow.schema_functions USING btree (path)
CREATE UNIQUE INDEX schema_migrations_pkey ON workflow.schema_migrations USING btree (version)
CREATE UNIQUE INDEX schema_release_pkey ON workflow.schema_release USING btree (singleton)
CREATE UNIQUE INDEX step_attempts_pkey ON workflow.step_attempts USING btree (run_id, step_slug, task_index, attempt, residency)
CREATE UNIQUE INDEX step_states_pkey ON workflow.step_states USING btree (run_id, step_slug, residency)
CREATE UNIQUE INDEX step_tasks_pkey ON workflow.step_tasks USING btree (run_id, step_slug, task_index, residency)
CREATE UNIQUE INDEX stream_clock_pkey ON workflow.stream_clock USING btree (singleton)
CREATE UNIQUE INDEX stream_ledger_pkey ON workflow.stream_ledger USING btree (writer, residency)
CREATE UNIQUE INDEX stream_ticks_pkey ON workflow.stream_ticks USING btree (tick)
CREATE UNIQUE INDEX tenant_registry_own_group_key ON workflow.tenant_registry USING btree (own_group)
CREATE UNIQUE INDEX tenant_registry_pkey ON workflow.tenant_registry USING btree (tenant_id)
CREATE UNIQUE INDEX told_suspicions_pkey ON workflow.told_suspicions USING btree (member_id)
CREATE UNIQUE INDEX topology_pkey ON workflow.topology USING btree (epoch)
CREATE UNIQUE INDEX workflow_definitions_pkey ON workflow.workflow_definitions USING btree (definition_id, writer, residency)
CREATE UNIQUE INDEX one_run_per_key ON workflow.workflow_runs USING btree (tenant_id, workflow, idempotency_key) WHERE (idempotency_key IS NOT NULL)
CREATE INDEX runs_by_label ON workflow.workflow_runs USING gin (labels jsonb_path_ops) WHERE (labels <> '{}'::jsonb)
CREATE INDEX runs_by_tick ON workflow.workflow_runs USING brin (written_tick int8_minmax_multi_ops) WITH (pages_per_range='32')
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
log_wishes_wish_id_seq bigint from 1 by 1 cache 1 owner workflow_owner
replication_conflicts_conflict_id_seq bigint from 1 by 1 cache 1 owner workflow_owner

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
accept(p_call jsonb, p_epoch bigint, p_ballot bigint, p_value jsonb) returns jsonb language plpgsql volatile security definer set search_path="" owner workflow_owner md5 742b2bb1c574a6340b96ed936c36bc8a
acquire_lease(p_name text, p_holder uuid, p_ttl_ms integer) returns TABLE(acquired boolean, token bigint, holder uuid, expires_at timestamp with time zone, former uuid, without_ms bigint) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 44c2b91344248342c2c6182c71d37390
activate_definition(p_slug text, p_version integer) returns TABLE(definition_id uuid, slug text, version integer) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 3b06725db5f04a53f26afb0ef78b6eb2
add_api_key(p_key jsonb) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 9e8a6c86c260f7b00e80407fb0e67cf1
adopt_chunk(p_token bigint, p_rows_max integer) returns TABLE(placement_group text, runs integer, others integer, done boolean, queues text[]) language plpgsql volatile security definer set search_path="", lock_timeout=500ms owner workflow_owner md5 5a8274b5dbe6f3f54fdb5a53a51198c9
adopt_others(p_group text, p_tenure bigint, p_tick bigint, p_limit integer) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 39f778334033e2cc0643d769222b482e
adopt_runs(p_run_ids uuid[], p_tenure bigint, p_tick bigint, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 871043f3a38d3cbb5ecb8dbb6a9c78a2
adopt_tasks(p_run_ids uuid[], p_tenure bigint, p_tick bigint, p_now timestamp with time zone, p_limit integer) returns integer language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 3f92d46fdef8b90b9491829db253e8a0
adopted_group(p_group text) returns TABLE(placement_group text, member_id uuid, tenure bigint) language sql stable owner workflow_owner md5 4c5dd9a630c9f6893b6db986aec7d927
advance_horizon(p_token bigint, p_limit integer) returns TABLE(moved integer) language plpgsql volatile security definer set search_path="", enable_seqscan=off, enable_sort=off owner workflow_owner md5 83cc5c77cef2082586763b1ea0a61ddf
advance_runs(p_ended workflow.ended_step[], p_messages workflow.outgoing_message[], p_now timestamp with time zone, p_taker workflow.task_taker, OUT queues text[], OUT ended jsonb, OUT handed workflow.handed_task[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 069d82b8ebacb4586b485f5659f8dc7b
advance_tick(p_token bigint) returns bigint language plpgsql volatile security definer set search_path="" owner workflow_owner md5 d2990238d8b2dc7501e668912d08733f
all_at_home(p_tenants text[], p_tenures bigint[], p_new_work boolean) returns boolean language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 58a8e37c0fcbab75c5af394d9e31cb8c
answer_reports(p_worker uuid, p_count integer, p_reports workflow.task_report[], p_accepted integer[], p_home uuid[], p_queues text[], p_ended jsonb) returns TABLE(ordinal integer, verdict text, queues text[], ended jsonb) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 123288f459471bce5fdf36e40b579f8a
answer_run_requests(p_requests workflow.run_request[], p_created uuid[], p_queues text[], p_now timestamp with time zone) returns TABLE(ordinal integer, outcome text, run_id uuid, status text, code text, message text, field text, queues text[], durability text) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 d44c675852f9638742e7f074a82692c6
answer_to(p_mesh workflow.mesh, p_epoch bigint) returns jsonb language sql stable set search_path="" owner workflow_owner md5 41fad95835b04205e335290d871aac44
apply_found(p_epoch bigint, p_value jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 96dfbdbccf26f051457228516f386aaa
arm_guards(p_if_armed boolean) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a8ba2a529fbc80ae7b7bdd2f0309568d
assert_adopter(p_group text, OUT tenure bigint, OUT written_tick bigint) returns record language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a55064fbde7710bea68f26434082f025
assert_home(p_tenants text[], p_new_work boolean) returns TABLE(tenant_id text, home_epoch bigint, written_tick bigint) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 d50b3bc4c76c95e55d1739a494db0a21
assert_lease(p_name text, p_token bigint) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 5db0498bfa495bdf947d714dd0869ca5
assert_may_claim(p_worker workflow.workflow_workers, p_token bigint) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 9eb71f76f931bba226ea89a2bba5f947
assert_tenant_home(p_tenant text, OUT home_epoch bigint, OUT written_tick bigint) returns record language plpgsql volatile security definer set search_path="" owner workflow_owner md5 931ed17e4919bac1ff1e01c02575a948
barrier(p_call jsonb, p_epoch bigint, p_position pg_lsn) returns jsonb language plpgsql volatile security definer set search_path="" owner workflow_owner md5 0bc6da9973a92d1dd5667afcd42c57a7
begin_move(p_token bigint, p_groups text[], p_target text, p_drain_ms integer, p_reason text) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 955a4136376f5c84b8813733caaf4ffb
begin_new_mesh(p_epoch bigint, p_value jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 5f943503bee9fd5d6c7d659604c45293
begin_round(p_token bigint, p_lease_ms integer) returns jsonb language plpgsql volatile security definer set search_path="" owner workflow_owner md5 77a9c375580c989056a53ca778836ac9
begin_runs(p_run_ids uuid[], p_now timestamp with time zone) returns text[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 5563dc309953c5e1a53f8321074d3324
begin_seal(p_token bigint, p_member uuid, p_epoch bigint, p_grants_seen bigint, p_reason text) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 30e958aa51de32ec6918b964e6dab9eb
best_standby(p_leader text, p_now timestamp with time zone) returns text language sql stable security definer set search_path="" owner workflow_owner md5 6e69dc0fa712c5767668cf3dc3d1f38f
break_law(p_table text, p_law text, p_row jsonb) returns boolean language plpgsql volatile set search_path="" owner workflow_owner md5 2657d73412438150b658bd763712789e
cancel_runs(p_run_ids uuid[], p_reason text) returns TABLE(run_id uuid, verdict text, status text) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 6e8815404c7ec81bec3f8d12b4b46ece
change_member(p_epoch bigint, p_value jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 ed4b7de1511f7957115a53372609db10
check_batch(p_size integer, p_field text) returns void language plpgsql stable security definer set search_path="" owner workflow_owner md5 95eb644736a4ed59f62d4256920eca7a
check_call(p_call jsonb, p_learns boolean) returns workflow.mesh language plpgsql volatile set search_path="" owner workflow_owner md5 069b11b81dd5981d4ab9c7ce0a530ef2
check_command(p_command workflow.orchestrator_commands, p_lease workflow.leases, p_now timestamp with time zone) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 1be2428034d03cf114022904885287cb
check_definition(p_definition jsonb) returns void language plpgsql stable security definer set search_path="" owner workflow_owner md5 fcdd9bf8230430083fe4548404cca816
check_dependencies(p_definition jsonb) returns void language plpgsql immutable set search_path="" owner workflow_owner md5 10569779a23480cb2e7309223003a2ed
check_fallbacks(p_tenant jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 8e006560d89cb2f7134b0156d2732ed6
check_key(p_key jsonb, p_now timestamp with time zone) returns void language plpgsql stable set search_path="" owner workflow_owner md5 40e8187ab7d669e0c9335ce5af1d81f5
check_options(p_object jsonb, p_path text, p_known text[]) returns void language plpgsql immutable set search_path="" owner workflow_owner md5 dccfb3e9a4a1bbcb3ae6d97521aa6c83
check_own_call(p_epoch bigint) returns workflow.mesh language plpgsql volatile set search_path="" owner workflow_owner md5 14af52da7ae074982bbd132333aef87e
check_reports(p_reports json) returns void language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 b2467d2356e0f18569bf2994e818175b
check_schedule(p_draft workflow.workflow_schedules, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 15c71650b3796bd2765a38b1ea2187c3
check_step_shape(p_step jsonb) returns void language plpgsql immutable set search_path="" owner workflow_owner md5 d1e1b77384b896d1fa39e5cb1a593fe7
check_tenants(p_tenants jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 ae8892ea5163dd9d4e2706d8bf7afe95
choose_runs_to_adopt(p_group text, p_tenure bigint, p_rows_max integer) returns uuid[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 990186a51535d206735d4ccdae9b05b4
clear_lease(p_token bigint, p_reason text) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 6063808068e062b0355a0b56c7d0a9ce
clock() returns timestamp with time zone language sql volatile owner workflow_owner md5 d20f3234dc0bdac0a507cd200bd58e92
close_command(p_command uuid, p_state text, p_outcome text, p_token bigint, p_now timestamp with time zone) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 b1d85b3d61c1a8b15db199d6b6970395
close_runs(p_closings workflow.run_closing[], p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 54062f01869dc77881a45e8195c25087
close_ticks(p_token bigint) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 0f8ed2bf8ff9cd7b421152f655e78fb5
compile_queue(p_queue text) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 f2bd5fe7581ca69c2888b964e7f35eef
complete_tasks(p_worker uuid, p_results json, p_capacity integer, p_leader_token bigint, p_settled bigint[]) returns TABLE(ordinal integer, verdict text, queues text[], ended jsonb, unconfirmed jsonb, claim_id bigint, run_id uuid, step_slug text, task_index integer, attempt integer, workflow text, definition_id uuid, tenant_id text, kind text, input jsonb, run_input jsonb, timeout_ms bigint, deadline timestamp with time zone, wait_ms bigint) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 ec98e15948bfea7013a5ff332c9c28f9
count_ended_runs(p_run_ids uuid[], p_now timestamp with time zone) returns jsonb language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_indexscan=off, join_collapse_limit=1 owner workflow_owner md5 9758d7e730c6ae9cbddd841d1219393e
count_held_messages() returns TABLE(messages integer, oldest_seconds double precision) language sql stable security definer set search_path="" owner workflow_owner md5 7111950eb6bfd017f864b1d2ea4a5735
create_schedule(p_schedule jsonb) returns TABLE(created boolean, tenant_id text, name text, residency text, home_epoch bigint, revision bigint, written_tick bigint, placement_group text, cron text, time_zone text, workflow text, version integer, input jsonb, labels jsonb, priority smallint, catch_up text, catch_up_max integer, jitter_ms integer, paused boolean, next_fire_at timestamp with time zone, due_at timestamp with time zone, last_slot_at timestamp with time zone, last_run_id uuid, last_error jsonb, created_at timestamp with time zone, updated_at timestamp with time zone, deleted_at timestamp with time zone) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 282af2c1a065c8f850966361bd317c14
current_tick() returns bigint language sql stable security definer set search_path="" owner workflow_owner md5 3b88b4b3e25401f0e4bd9c47ade34981
decide_activation(p_epoch bigint, p_item jsonb, p_decided_at timestamp with time zone) returns text language plpgsql volatile set search_path="" owner workflow_owner md5 d5f9790c9d087a02c5e56ec1b496b25b
decide_key(p_epoch bigint, p_item jsonb) returns text language plpgsql volatile set search_path="" owner workflow_owner md5 a95b692ecfcff2d085cd9df3df43ddb7
decide_revocation(p_item jsonb, p_decided_at timestamp with time zone) returns text language plpgsql volatile set search_path="" owner workflow_owner md5 c0defa87636f323d79cbd3c3b2613960
decide_version(p_epoch bigint, p_item jsonb, p_decided_at timestamp with time zone) returns text language plpgsql volatile set search_path="" owner workflow_owner md5 28b602b290ca0925e106ab737d490779
delete_runs(p_run_ids uuid[]) returns TABLE(run_id uuid, verdict text) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 d9869b2d7ca974e0b3ab58d77a18ea4c
delete_schedule(p_tenant text, p_name text) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 8dfd1000d31430c876decde8d0016600
dependencies_of(p_step jsonb) returns text[] language sql immutable set search_path="" owner workflow_owner md5 7a79a1afc51cc052bb41818fb45af393
deprecate_worker(p_worker uuid) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 508b00cc227eb3995b8a8d8cffda5053
derive_definition() returns trigger language plpgsql volatile set search_path="", enable_seqscan=off owner workflow_owner md5 1ca82c11244be19b9caccbb0b1851cc4
derive_steps(p_definition_id uuid, p_definition jsonb) returns void language sql volatile security definer set search_path="" owner workflow_owner md5 a7caedc819ecf57c3015ce1398a9f5c9
descendants_of(p_definition_id uuid, p_step_slug text) returns SETOF text language sql stable security definer set search_path="" owner workflow_owner md5 e1019399f7f57c5a60003b253cf3ffe8
describe_ended_steps(p_steps workflow.step_ref[]) returns workflow.ended_step[] language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 eec5c3e4219d937eb347d2be49f92da4
describe_tasks(p_tasks workflow.handed_task[], p_now timestamp with time zone) returns TABLE(run_id uuid, step_slug text, task_index integer, attempt integer, workflow text, definition_id uuid, tenant_id text, kind text, input jsonb, run_input jsonb, timeout_ms bigint, deadline timestamp with time zone, wait_ms bigint) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 8147803278dbbbb8056a73d2ab1dd21e
digest_runs(p_group text, p_after uuid, p_limit integer) returns TABLE(run_id uuid, home_epoch bigint, revision bigint, digest text) language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 6d544b01787cbfaa3b58d8c2ff7d5922
digest_table(p_table text, p_after uuid, p_through uuid) returns TABLE(placement_group text, row_count bigint, digest text) language plpgsql stable security definer set search_path="" owner workflow_owner md5 30e05db880b53ffc57583d03e0f81bf9
draft_schedule(p_base workflow.workflow_schedules, p_change jsonb) returns workflow.workflow_schedules language plpgsql volatile security definer set search_path="" owner workflow_owner md5 239fae671a3c871ae60ac492b31a3032
drop_link(p_token bigint, p_subscription text, p_reachable boolean, p_reason text) returns void language plpgsql volatile security definer set search_path="", lock_timeout=1s owner workflow_owner md5 6312ee0052796844df8494e7dd0b2134
due_schedules(p_limit integer) returns TABLE(tenant_id text, name text, revision bigint, cron text, time_zone text, catch_up text, catch_up_max integer, next_fire_at timestamp with time zone, offset_ms integer, input_bytes integer, now timestamp with time zone, missed_before timestamp with time zone) language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 b4a4bbc6b2c14becf7a0f3c12b203ed8
due_timers(p_kind text, p_now timestamp with time zone, p_limit integer) returns uuid[] language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 1db496d522958322a6441a86d4902f05
end_link_worker(p_token bigint, p_member uuid, p_terminate boolean) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 025b3ec46df3dbc44ba4541b652c2796
end_seals(p_epoch bigint, p_value jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 d5b747fd062fb1cc61f0ee195274c997
ensure_queue(p_queue text) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 86dfa3dedd97cf704c813bda5957333b
enter_mesh(p_region text, p_found jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 9f6c12466c2d0a21a727988faa97f1e5
erase_runs(p_run_ids uuid[]) returns void language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 82a2da415f93a872f1034f67efeddf63
exhaust_steps(p_tasks workflow.exhausted_task[], p_messages workflow.outgoing_message[], p_now timestamp with time zone) returns text[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 2ff877384bbc1fac8b7e4d450ec09370
expand_steps(p_steps workflow.step_ref[], p_now timestamp with time zone, OUT messages workflow.outgoing_message[], OUT ended workflow.step_ref[], OUT failed workflow.run_closing[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 e45433d62bf4edbbc4325c885d6b43c0
expire_workers(p_token bigint, p_limit integer) returns TABLE(worker_id uuid, app text, host text, last_heartbeat_at timestamp with time zone) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 8c7297d0d4ee021be57fca36075d8674
explain_refusal(p_judged text, p_request jsonb, p_root_map text, OUT code text, OUT message text, OUT field text) returns record language plpgsql stable security definer set search_path="" owner workflow_owner md5 e3d84cc2014ac0c6e52e3abcaa438ef1
fail_back(p_token bigint, p_group text, p_reason text) returns uuid language plpgsql volatile security definer set search_path="" owner workflow_owner md5 266fb43444d2303fe453390239b1280a
fail_overdue_runs(p_token bigint, p_limit integer) returns TABLE(run_id uuid) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 09f761e41466ec26cbdd83011299499b
fail_tasks(p_worker uuid, p_failures json) returns TABLE(ordinal integer, verdict text, retry_at timestamp with time zone, queues text[], ended jsonb, unconfirmed jsonb) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 7bad0891dc5841714ab58777a9ea1b6e
fence_leader(p_token bigint, p_name text, p_seen bigint, p_reason text, p_command uuid) returns bigint language plpgsql volatile security definer set search_path="" owner workflow_owner md5 eb0529a1f5c64b8b405b6fc0e30a5e08
fence_lease(p_name text) returns bigint language sql volatile security definer set search_path="" owner workflow_owner md5 e3336cbc35c062cc063d7a88f9461622
find_finished_to_adopt() returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 bf27003dd3e67e1edb2808703dbd7180
find_lost_tasks(p_claims bigint[], p_now timestamp with time zone, p_limit integer) returns workflow.task_report[] language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 668fd0282f50e59fe3838ed835d1fbec
find_open_run(p_run_id uuid) returns workflow.workflow_runs language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 51071e62d19a14e3dccf338f7c974bc0
find_retryable_run(p_run_id uuid, p_from text, p_step text) returns workflow.workflow_runs language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 18d39c2e0e9ba4fc9d2eba879c6f9e38
find_runs_to_adopt(p_token bigint, p_limit integer) returns TABLE(looked integer, noted integer) language plpgsql volatile security definer set search_path="", enable_seqscan=off, enable_sort=off owner workflow_owner md5 422310e496ff9a602b15fbd55b99496a
find_stuck_steps() returns TABLE(workflow text, step_slug text, queue text, tasks bigint) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 57f455efcc4f59388cdee921d4d60f89
find_taker(p_worker uuid, p_capacity integer, p_leader_token bigint, p_priority smallint, p_now timestamp with time zone) returns workflow.task_taker language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 a26a9ecb843915c506775a094dc4d1dc
finish_command(p_command uuid, p_state text, p_outcome text) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a67a68f00f9fcfe1e65d1bacd3957b1d
finish_region_command(p_token bigint, p_command uuid, p_state text, p_outcome text) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 67c7672b46dadd0ab8a99280f3b4fef0
finish_runs(p_ended workflow.ended_step[], p_now timestamp with time zone, OUT completed integer, OUT failed workflow.run_closing[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 ccfbaeeba3ef25bf24d035666323e3f4
finish_seal(p_token bigint, p_member uuid, p_epoch bigint) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 5be4f7e6698b75463217a74441347e5b
fire_schedules(p_token bigint, p_firings jsonb) returns TABLE(ordinal integer, verdict text, started integer, existing integer, refused integer, error jsonb, queues text[]) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a4988b30dcaebfd4bc7aa0fb83019715
first_to_adopt(p_group text) returns uuid[] language sql stable security definer set search_path="" owner workflow_owner md5 b32ef173a097e95b6e930a49ef6dff6a
forget_claims(p_worker uuid, p_claims bigint[]) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 00083dec9c2d07de07dc768bff6a28d7
forget_foreign_timers(p_run_ids uuid[]) returns void language plpgsql volatile security definer set search_path="", enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 dedf676f9d0bda1e93aee3da37bc7f7b
found_mesh(p_token bigint, p_region text, p_members jsonb) returns uuid language plpgsql volatile security definer set search_path="" owner workflow_owner md5 886b016ed392d1ede4f0a8e02e245ef1
give_up_leadership(p_lease workflow.leases, p_now timestamp with time zone) returns workflow.leases language plpgsql volatile security definer set search_path="" owner workflow_owner md5 2e4ee15bd3bc7a32880d3c1f4036e9b2
give_up_move(p_token bigint, p_groups text[], p_reason text) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 b1f87b8623f65cc9648226d30f0588e9
grant_lease(p_call jsonb, p_epoch bigint, p_round bigint, p_report jsonb) returns jsonb language plpgsql volatile security definer set search_path="" owner workflow_owner md5 cd0a6bbedcd98a89132f4853d654c6c5
group_in_flight(p_group text, p_now timestamp with time zone) returns bigint language sql stable security definer set search_path="" owner workflow_owner md5 6a809dca7c4d2fc7b7fe0f4d7e7b727e
group_of(p_tenant text) returns text language sql stable security definer set search_path="" owner workflow_owner md5 a2b1a3ebf924793152410d67fd77f405
group_of_row(p_tenant text, p_hash_group text) returns text language sql stable owner workflow_owner md5 9d4ff3acd4d389759c249ee961b3b4b6
group_of_tenant(p_tenant text) returns TABLE(placement_group text) language sql stable owner workflow_owner md5 af04ff05c2825bfd25aaff8721eac233
groups_at_home(p_tenants text[], p_new_work boolean, p_tick bigint) returns TABLE(tenant_id text, home_epoch bigint, written_tick bigint) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 bb5b2d5e5083380f62a6eeaefcda41af
groups_to_return(p_members uuid[], p_planned boolean) returns TABLE(placement_group text, member_id uuid) language plpgsql stable security definer set search_path="" owner workflow_owner md5 23290d54af922b51113365c93ae46e3e
guard_attempt() returns trigger language plpgsql volatile set search_path="", enable_seqscan=off owner workflow_owner md5 8868adc9b94da569518e509ab1e0d4b6
guard_deletion() returns trigger language plpgsql volatile set search_path="", enable_seqscan=off owner workflow_owner md5 6bfd7829aa8a3af0904df565becc6ab4
guard_row() returns trigger language plpgsql volatile set search_path="", enable_seqscan=off owner workflow_owner md5 378438bfde080cdbbaf15d2f948ad9c9
guard_run() returns trigger language plpgsql volatile set search_path="", enable_seqscan=off owner workflow_owner md5 f426180b6877aa7d6eb6a4aedbe17170
guard_step() returns trigger language plpgsql volatile set search_path="", enable_seqscan=off owner workflow_owner md5 499e82960afc4b5cecc9863d43dc1066
guard_task() returns trigger language plpgsql volatile set search_path="", enable_seqscan=off owner workflow_owner md5 c3d2b512d6a6270e58d87f7a012dc773
guard_update() returns trigger language plpgsql volatile set search_path="", enable_seqscan=off owner workflow_owner md5 af760ed913e8c0587ac7ba890aba12c9
hand_out_tasks(p_worker uuid, p_messages workflow.message_ref[], p_now timestamp with time zone) returns workflow.handed_task[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 04280eb73f5d93f62e0bb737c29d5e49
has_quorum(p_zone text) returns boolean language sql stable set search_path="" owner workflow_owner md5 d18fdebff3ae4e0d9f2fedb86d2bf8bd
hash_group_of(p_zone text, p_tenant text) returns text language sql stable owner workflow_owner md5 b488c62be8e15c17595c85c649de884c
heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]) returns TABLE(state text, aborts jsonb, lease_left_ms integer) language plpgsql volatile security definer set search_path="", enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 f724d18824151aabdf456c5e9f60dc4d
hold_messages(p_messages workflow.outgoing_message[]) returns text[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 6c239f79c3d0912c60227e93cfc67774
home_of(p_tenants text[]) returns TABLE(tenant_id text, placement_group text, region text, member_id uuid, tenure bigint) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 ae2ddbff84ae0cfe8bc5eef199b95d3b
is_adopted(p_placement workflow.placement) returns boolean language plpgsql stable security definer set search_path="" owner workflow_owner md5 4a83ebf1b48f4c509f2674efe9882fb8
is_copied() returns boolean language sql stable security definer set search_path="" owner workflow_owner md5 268469412ad9e72bc9fd29f50c58eb2e
is_live_lease(p_expires_at timestamp with time zone, p_server_started_at timestamp with time zone, p_now timestamp with time zone) returns boolean language sql stable owner workflow_owner md5 b68ab5927ab607d2e22635579439e773
join_mesh(p_token bigint, p_region text, p_entries jsonb) returns bigint language plpgsql volatile security definer set search_path="" owner workflow_owner md5 19ae7c426f7c45d222be3162744ec6ef
judge_firings(p_firings jsonb) returns workflow.schedule_firing[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 b6c22cee3fa9b6c3e911b40406add845
judge_report(p_worker uuid, p_report workflow.task_report, p_home uuid[]) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 0d5ffc5024238f7e3c2e34cc025d962c
judge_request_keys(p_requests workflow.run_requests[]) returns workflow.run_requests[] language plpgsql volatile set search_path="" owner workflow_owner md5 7649d81c5877248bf051e501b2ceb905
judge_run_requests(p_requests jsonb, p_now timestamp with time zone) returns workflow.run_request[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 5ecfd17e21ad43aef992a5d54f8f2ed5
keep_conflict(p_table text, p_kind text, p_incoming jsonb, p_stored jsonb) returns void language sql volatile set search_path="" owner workflow_owner md5 eba396232bc870863ece9374c5c664c7
keep_leadership(p_worker workflow.workflow_workers, p_lease workflow.leases, p_ttl_ms integer, p_now timestamp with time zone) returns workflow.leases language plpgsql volatile security definer set search_path="" owner workflow_owner md5 9fcf8fd5bd4c706a0c2d177b503e2692
key_item(p_key workflow.api_keys) returns jsonb language sql stable set search_path="" owner workflow_owner md5 a096c19770ddc65f881eaeac3273afb6
lead_group(p_worker uuid, p_ttl_ms integer, p_standing_ms integer) returns TABLE(leads boolean, token bigint, leader text, holder uuid, left_ms integer, hands_over boolean, drain_ms integer, taken boolean, reason text) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 9325240dd4ea5a670aad4ad7856a6be7
learn_catalog(p_epoch bigint, p_value jsonb, p_decided_at timestamp with time zone) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 8237b4f65890885e0b8a66929cb602e3
learn_entry(p_epoch bigint, p_value jsonb, p_decided_at timestamp with time zone) returns boolean language plpgsql volatile set search_path="" owner workflow_owner md5 c57040d7832c535d95c1a47cc93dd9d6
learn_topology(p_call jsonb, p_entries jsonb) returns jsonb language plpgsql volatile security definer set search_path="" owner workflow_owner md5 1d37002aadc32722b6b24faeeed86752
lease_left_ms() returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 99300422ac4cb17bb7f4e8d932c67c4c
leave_group(p_group text, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 080b11ea5bf65043e0af2f6a530a5a65
leave_mesh(p_epoch bigint, p_member uuid) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 15957ece01836d7851da6effadb3b892
let_go_messages(p_zone text, p_confirmed pg_lsn, p_limit integer, OUT released integer, OUT queues text[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 6777b8f88f34d69ca1a9aa2b681a079f
level_steps(p_definition_id uuid) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 3c35332c7ea55fc14929b94496790a8d
levels_of(p_nodes integer, p_dependent integer[], p_dependency integer[]) returns integer[] language plpgsql immutable set search_path="" owner workflow_owner md5 09a85ecd370c7143e86766bba70c5b95
limit_of(p_name text) returns bigint language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 f59e19c600f20f2409932da94eb25ef8
limits_of(VARIADIC p_names text[]) returns bigint[] language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 b799342a6431ed07f3800aaac8b3869f
link_is_needed(p_member uuid) returns boolean language sql stable security definer set search_path="" owner workflow_owner md5 acda13ed41553007e88008e58e4b1dcd
link_position(p_member uuid) returns pg_lsn language plpgsql volatile security definer set search_path="" owner workflow_owner md5 c23d0543ada832af34a929cacf40060a
link_report() returns jsonb language sql stable security definer set search_path="" owner workflow_owner md5 9b5ba8e6d30e51ce32b03c2bebe82e73
lock_reported_runs(p_results json) returns workflow.held_report[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 07354a5e849d5f6570eee0f937ae175b
lock_runs(p_run_ids uuid[]) returns uuid[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 24c4f9870dcc2052cb7610ac81e0ca0e
lock_versions() returns void language plpgsql volatile set search_path="" owner workflow_owner md5 7f143d3909e2bd2d48a683683988df98
lose_run(p_run workflow.workflow_runs, p_won uuid) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 a2c79cd1091ca06d7e98b01fa7096569
majority_of_members() returns integer language sql stable set search_path="" owner workflow_owner md5 6e3a924196ef10ee7984301072e4cbee
make_link(p_token bigint, p_member uuid, p_link jsonb) returns void language plpgsql volatile security definer set search_path="", lock_timeout=1s owner workflow_owner md5 c9072a9e94c5f368a21290b51d9362e3
map_elements(p_run_id uuid, p_definition_id uuid, p_step_slug text, p_indexes integer[]) returns TABLE(ordinal integer, element jsonb) language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 e237e3a16c08a247b2f0728c82517150
map_output(p_run_id uuid, p_step_slug text) returns jsonb language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 7df73a4990b61b461b0626afa65bd14c
map_source(p_run_id uuid, p_step workflow.workflow_steps) returns jsonb language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 48dfefef61f19b58fcb1e86cd3f3e409
mark_lost_claims(p_worker uuid, p_in_flight jsonb, p_before timestamp with time zone, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 d159718f9a90a92fd9feea73db0fb07e
mesh_serves(p_version integer) returns boolean language sql stable security definer set search_path="" owner workflow_owner md5 b49bdabe832c7ddf0e992761c6c8b0e6
messages_at_home(p_messages workflow.message_ref[], p_now timestamp with time zone) returns workflow.message_ref[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 7dfda14445699d71a1f2139c69e40011
messages_of_queued_tasks(p_run_ids uuid[]) returns workflow.outgoing_message[] language sql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 5ce818b23a4de719c6ddd64bb96e38e6
messages_of_runs(p_run_ids uuid[]) returns workflow.message_ref[] language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 8fe3da97bb832945ca28e8ac0626717f
new_run_id() returns uuid language plpgsql volatile set search_path="" owner workflow_owner md5 c2a4758ef10e87c5c5640b08686c7648
next_ballot(p_token bigint, p_epoch bigint, p_above bigint) returns bigint language plpgsql volatile security definer set search_path="" owner workflow_owner md5 484363ed43ad3a5a9397d3c4a32715f7
note_adopted(p_tenure bigint, p_now timestamp with time zone) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 8ea0510fdc31a72afec49e4ab1a13441
note_adoptions() returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 94be1e802e096df06436699acaf4f2e5
note_copied(p_token bigint, p_member uuid, p_position pg_lsn) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a6ba87d687a74e6916fa7b433ae6f504
note_decision(p_epoch bigint, p_value jsonb, p_decided_at timestamp with time zone) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 896893d08a4797ce843a5c1d015532b3
note_late_others() returns trigger language plpgsql volatile security definer set search_path="" owner workflow_owner md5 21b5dabb754b05498dce417302db8215
note_late_runs() returns trigger language plpgsql volatile security definer set search_path="" owner workflow_owner md5 5352f57a2dd793da5e026d80d5b2a3bd
note_lease_lost(p_reason text) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 e53714ce41626834644cc149c52af2f8
note_lease_won() returns void language plpgsql volatile set search_path="" owner workflow_owner md5 0402f1448b1335ba6ac26ff07d992a9b
note_peer(p_token bigint, p_member uuid, p_report jsonb) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 630d85be450ff22e9a87ae23e5c51741
note_proposed_move(p_token bigint, p_epoch bigint, p_groups text[]) returns SETOF text language plpgsql volatile security definer set search_path="" owner workflow_owner md5 8152d9ca7ce9434bf112a1db4e8fa9ee
note_read_time(p_pgmq_queue text, p_began timestamp with time zone, p_taken integer, p_reached timestamp with time zone, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a1113efefd0ada874eb50c1a6fa20b83
note_region_event(p_kind text, p_subject text, p_reason text, p_more jsonb) returns void language sql volatile set search_path="" owner workflow_owner md5 2cc08b15d6278e5873f9d52012168258
note_replicated(p_token bigint) returns bigint language plpgsql volatile security definer set search_path="" owner workflow_owner md5 c8ec459c7180c5ef7d947ebead52d637
note_standby_slots(p_token bigint, p_former text, p_slots text, p_reason text) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 8f8af0a55d9b7ad9b5ca31eae17ae0ec
note_suspicions(p_suspicions jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 55d3b096bae6853eb1180f4d540ee0a1
note_unknown_value(p_epoch bigint, p_value jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 7b03ee64ecb1a3e890e1db2589bb888a
note_whole(p_token bigint, p_member uuid, p_slot text, p_confirmed pg_lsn) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 2a404fc560007127fd90daab46650890
observe_leftovers() returns TABLE(kind text, name text, needed boolean) language sql stable security definer set search_path="" owner workflow_owner md5 39843bb9f0c95fc697e2a8095b56f21a
observe_links() returns TABLE(member_id uuid, region text, state text, peer_schema integer, published_version integer, publication_stale boolean, generation integer, subscribed boolean, enabled boolean, slot text, commit text, address_sha256 text, tables text[], tables_to_copy integer, copied_position pg_lsn, applied_position pg_lsn, whole boolean, sealed boolean, outdated boolean) language sql volatile security definer set search_path="" owner workflow_owner md5 52d515d41bde97f654ebe1075377b15f
observe_moves() returns TABLE(placement_group text, target text, target_member uuid, mark text, in_flight integer, held integer, drain_over boolean, may_stop boolean, confirmed boolean, proposed_epoch bigint, reason text, marked_ms bigint) language sql volatile security definer set search_path="" owner workflow_owner md5 3451a22872edb165a29e4527a413637a
observe_quorum() returns TABLE(zone text, confirmed pg_lsn) language sql volatile security definer set search_path="" owner workflow_owner md5 94d90f53ab438f3c889fecd0c9fde99d
observe_standbys() returns jsonb language sql stable security definer set search_path="" owner workflow_owner md5 9b2df069b5ef213d3f16a5d09095c586
observe_wishes(p_token bigint) returns TABLE(item jsonb, epoch bigint, outcome text) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 33249d5d48e2303f9c34dd4e381d8e73
offer_to(p_member uuid) returns TABLE(member_id uuid, in_recovery boolean, flushed pg_lsn, publication jsonb, slots jsonb, report jsonb) language sql stable security definer set search_path="" owner workflow_owner md5 f446029950e3b92b042b693c044c8a55
open_run_counts() returns TABLE(status text, runs bigint) language sql stable security definer set search_path="" owner workflow_owner md5 4c13dd30e12c5e9338d53b71fa676da7
oversized_outputs(p_reports workflow.held_report[]) returns workflow.task_report[] language plpgsql stable security definer set search_path="" owner workflow_owner md5 43530d226f192e79f18f83d3a7d6e933
own_definitions(p_definition_ids uuid[], p_tick bigint) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 205d4984f69e23c4a1ff76e8c34a5499
own_member() returns uuid language sql stable security definer set search_path="" owner workflow_owner md5 1b1c59b03c55c43d0e554cf3c74b800e
pause_run(p_run_id uuid) returns TABLE(run_id uuid, status text, changed boolean, queues text[]) language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 683296c875a1b76ac8365471ed74e5e8
peer_slots() returns TABLE(member_id uuid, region text, zone text, state text, slot_name text, confirmed pg_lsn, flushed pg_lsn, lag_bytes bigint, lag_seconds double precision, retained_bytes bigint, left_bytes bigint, active boolean, healthy boolean, whole boolean) language sql stable security definer set search_path="" owner workflow_owner md5 8d66f65be2d05ad580290cafc7db503c
pgmq_name(p_queue text, p_priority integer) returns text language sql immutable owner workflow_owner md5 73abeec621a6e668f30053b34ab84e75
place_groups(p_epoch bigint, p_value jsonb) returns void language sql volatile set search_path="" owner workflow_owner md5 5285384d30913bc16c4547beb7d66986
prepare(p_call jsonb, p_epoch bigint, p_ballot bigint) returns jsonb language plpgsql volatile security definer set search_path="" owner workflow_owner md5 281b7fc205a47cbaa2d92bd12c1475ed
prune_failover_events(p_token bigint, p_limit integer) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 b841d302fa584e1b863428982d406e55
prune_replication(p_token bigint, p_before timestamp with time zone, p_limit integer) returns integer language plpgsql volatile security definer set search_path="", enable_seqscan=off, enable_sort=off owner workflow_owner md5 428ed2528582dcea2423ae442f62d4eb
prune_run_requests(p_token bigint, p_before timestamp with time zone, p_limit integer) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 d8110b7b4c1eff3c3be12071e19864e0
prune_runs(p_token bigint, p_before timestamp with time zone, p_limit integer) returns integer language plpgsql volatile security definer set search_path="", enable_seqscan=off, enable_sort=off owner workflow_owner md5 ea0602daa8fed1cd876687fe4e25e04f
prune_workers(p_token bigint, p_retention_ms bigint, p_limit integer) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 22076a4a21f76f5bd70e14d7c2749434
publication_contract(p_member uuid, p_version integer) returns TABLE(table_name text, columns text[], row_filter text) language sql stable security definer set search_path="" owner workflow_owner md5 e919ba4c1d75b152f1ebad7f6faf9a03
publication_to(p_member uuid) returns text language sql immutable set search_path="" owner workflow_owner md5 1a24b8b70940533edd87f640ba9f983c
publish_to(p_token bigint, p_member uuid, p_version integer) returns void language plpgsql volatile security definer set search_path="", lock_timeout=1s owner workflow_owner md5 6d8b4fb26b421cc85d321d0e6df18a87
quorum_of(p_zone text, p_zones text[], p_confirmed pg_lsn[], OUT needed integer, OUT confirmed pg_lsn) returns record language sql immutable set search_path="" owner workflow_owner md5 845d9b13fc610cd29b59b442aaa63c38
quorum_positions() returns TABLE(flushed pg_lsn, zone text, needed integer, confirmed pg_lsn) language sql volatile security definer set search_path="" owner workflow_owner md5 56f0a35ac5f25861842b69b947749c0d
rank_groups(p_member uuid) returns jsonb language sql volatile set search_path="" owner workflow_owner md5 422f8100c348478967ae6f8aead195ec
read_from(p_pgmq_queue text, p_now timestamp with time zone) returns timestamp with time zone language plpgsql stable security definer set search_path="" owner workflow_owner md5 8e89fcd07e2c255427db7255977a570d
read_queue_depths() returns TABLE(queue text, priority text, depth bigint, visible bigint, in_flight bigint, oldest_seconds double precision) language plpgsql stable security definer set search_path="", enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 cde559383acfeec98dbb1ee1b7334655
read_reports(p_reports json) returns workflow.task_report[] language plpgsql stable security definer set search_path="" owner workflow_owner md5 2b29165ac90ddad64ef1fefe36c17f9b
read_run_request(p_request_id uuid) returns TABLE(request_id uuid, tenant_id text, workflow text, outcome text, run_id uuid, code text, message text, requested_at timestamp with time zone, decided_at timestamp with time zone, request jsonb) language sql stable security definer set search_path="" owner workflow_owner md5 19d856d7a2400f3356f6667dd7b7d73f
readdress_link(p_token bigint, p_member uuid, p_link jsonb) returns void language plpgsql volatile security definer set search_path="", lock_timeout=1s owner workflow_owner md5 d4ed2941684fc70e8017c08c2758059c
rebuild_queue(p_token bigint, p_after uuid, p_limit integer) returns TABLE(needed boolean, restored integer, next_after uuid, queues text[]) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 7222e131525432f7239111572b52135b
record_claim(p_worker uuid, p_heartbeat_timeout_ms integer, p_tasks workflow.handed_task[], p_now timestamp with time zone) returns bigint language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 a51c7e5ee627a12ad9377bc1e29d45e0
record_failover_event(p_event jsonb) returns bigint language sql volatile security definer set search_path="" owner workflow_owner md5 df0e2dc3c1af53a276e5f5fefaca6282
record_outputs(p_worker uuid, p_reports workflow.held_report[], p_now timestamp with time zone, OUT accepted integer[], OUT ended workflow.ended_step[], OUT failed workflow.run_closing[], OUT quorum boolean, OUT lowest_priority smallint) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 e3f3b0f11ef3f60c41db3a4fa91a96f3
recount_open_runs() returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 5651c3db2dd0a6e0304a71dc6931f95a
refuse(p_sqlstate text, p_message text, p_field text, p_facts jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 1665da17103c66640c732b93f170a50a
region_names(p_members jsonb) returns text language sql stable set search_path="" owner workflow_owner md5 40ff4160dd4157134ebae542361be2d0
register_tenants(p_epoch bigint, p_value jsonb) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 308717d984b0c9b5b0aabbb8f1c9090b
register_worker(p_worker jsonb) returns timestamp with time zone language plpgsql volatile security definer set search_path="" owner workflow_owner md5 f66326ac9f50cf3b9fa4b665ab955ca0
register_workflow(p_definition jsonb) returns TABLE(definition_id uuid, slug text, version integer, created boolean, activated boolean) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 72b9c08dbaff29328378fbe4c41a5dd5
release_held_messages(p_token bigint, p_limit integer) returns TABLE(released integer, waiting boolean, queues text[]) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 71046a4c2ac6ea59e36765a6c84295d6
release_lease(p_name text, p_holder uuid, p_token bigint) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 99ac80cd0a77689bd28a2a6e73063785
release_tasks(p_worker uuid, p_tasks json) returns TABLE(ordinal integer, verdict text, queues text[]) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_indexscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 b81dbe400f41ce726cb4c2e5564e784b
renew_lease(p_name text, p_holder uuid, p_token bigint, p_ttl_ms integer) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 9167f8d40936c49e76c2de6a66be4438
renew_member(p_token bigint) returns uuid language plpgsql volatile security definer set search_path="" owner workflow_owner md5 61c953351374a3b88c5661d42ce9e537
replication_peers() returns TABLE(peer text, kind text, slot text, connected boolean, state text, lag_bytes bigint, retained_bytes bigint, lost boolean) language sql stable security definer set search_path="" owner workflow_owner md5 5e812d3bb4e3ae81e63a6bcc7ab47e5a
replication_sender() returns text language plpgsql volatile set search_path="" owner workflow_owner md5 5c9d44f6e420ff70091cd0f68b7b157f
request_command(p_command jsonb) returns SETOF workflow.orchestrator_commands language plpgsql volatile security definer set search_path="" owner workflow_owner md5 b7ce7a7c447699c1ed7f0396bbaa028c
request_region_command(p_command jsonb) returns workflow.region_commands language plpgsql volatile security definer set search_path="" owner workflow_owner md5 0d760e3d142a3ce2d94b44bf0c2771be
request_runs(p_requests jsonb, p_key uuid) returns TABLE(ordinal integer, outcome text, run_id uuid, status text, code text, message text, field text) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 7dc9eb5a46a810011b56fb263390ea18
requests_of_firings(p_firings workflow.schedule_firing[]) returns jsonb language sql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 43d584ef46a2c3d5bfa925ffc5fc23ef
requeue_lost_tasks(p_token bigint, p_limit integer) returns TABLE(run_id uuid, step_slug text, task_index integer, attempt integer, reason text, queues text[], ended jsonb) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 f0b5edc3dcdc30a5672e197e2aba87ee
reset_steps(p_run_id uuid, p_from text, p_step text) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 b1b4a4474f35d0c516e33a71ac9414bf
restore_adopted(p_group text, p_tenure bigint) returns text[] language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 dfcbbc97422258c4a5e4d145475c6e6f
restore_claims(p_run_ids uuid[], p_now timestamp with time zone) returns integer language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, join_collapse_limit=1 owner workflow_owner md5 47d92261fd56b5b9924ace84cc06abde
resume_adopted(p_run_ids uuid[]) returns text[] language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 37b2ab17f8bff161aa3f329ff5975b6f
resume_run(p_run_id uuid) returns TABLE(run_id uuid, status text, changed boolean, queues text[]) language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 183083356d095fa23828df01008a53bf
retry_run(p_run_id uuid, p_from text, p_step text) returns TABLE(run_id uuid, status text, queues text[]) language plpgsql volatile security definer set search_path="", enable_seqscan=off owner workflow_owner md5 26bb7e0ea259e713cf1bcb2372b299f2
review_claims(p_claims bigint[]) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 2e2c4951deba03f677cdfc943cb27302
revoke_api_key(p_key_id uuid) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 d828f62124230bb3b3c2e1f7ccaa29dd
run_id_floor(p_time timestamp with time zone) returns uuid language sql immutable owner workflow_owner md5 83e32b618ebf09f2acbde85aa587d7d7
run_schedule_now(p_tenant text, p_name text, p_idempotency_key text) returns TABLE(ordinal integer, outcome text, run_id uuid, status text, code text, message text, field text, queues text[], durability text) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 d5816fffa14bc830e12a7677182d88aa
schedule_offset_ms(p_tenant text, p_name text, p_jitter_ms integer) returns integer language sql immutable set search_path="" owner workflow_owner md5 def6dea0f72ceb2955d7ccae5b52797e
schedule_request(p_schedule workflow.workflow_schedules, p_slot timestamp with time zone) returns jsonb language sql stable security definer set search_path="" owner workflow_owner md5 2675075dced8e1b9bb8dbca8a0539e41
seize_home() returns void language plpgsql volatile security definer set search_path="", lock_timeout=2s owner workflow_owner md5 e5bf67e7d2427e413e010eeac5f632be
send_messages(p_messages workflow.outgoing_message[]) returns text[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 517b936b18a7e92d1ff62e47e1ef5e66
send_requests_again(p_group text, p_tenure bigint) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 0f6255a2c0abf85a7027d28b143f060b
set_limit(p_name text, p_value bigint) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 dcb7177b43957f924033a1bf5be2d15e
settle_failures(p_worker uuid, p_reports workflow.task_report[], p_reported boolean, p_now timestamp with time zone, OUT accepted integer[], OUT queues text[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 48f309b51cdef9531f6a0bdb1db1de1d
settle_firings(p_firings workflow.schedule_firing[], p_answers workflow.slot_answer[], p_now timestamp with time zone) returns void language sql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 a19d7f837d23d4b06c5755f149ddbac1
settle_lease(p_token bigint, p_round bigint, p_answers jsonb) returns jsonb language plpgsql volatile security definer set search_path="" owner workflow_owner md5 8f89159a3f97668e716c6cfcbb1ee0ad
shape_of_definition(p_definition_id uuid) returns TABLE(steps integer, leaves integer, root_map text) language sql stable security definer set search_path="" owner workflow_owner md5 18dd2a0f1d229755983dacff3d90ef6e
share_home() returns bigint language plpgsql volatile security definer set search_path="" owner workflow_owner md5 6d50f2a355a4e9cd795b44614ef3e3ef
show_versions(p_slug text) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 c2a9423d742192be0d9f68e76c6c9303
skip_steps(p_tasks workflow.exhausted_task[], p_now timestamp with time zone) returns workflow.step_ref[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_indexscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 165ae194ca9836de8f65aaf4482f2db5
stand_in_for_run(p_run_id uuid, p_residency text) returns boolean language plpgsql volatile set search_path="" owner workflow_owner md5 44fa6a57635c19b4908b378206378552
start_dependents(p_ended workflow.ended_step[], p_now timestamp with time zone, p_taker workflow.task_taker, OUT messages workflow.outgoing_message[], OUT maps workflow.step_ref[], OUT ended workflow.step_ref[], OUT handed workflow.handed_task[]) returns record language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_indexscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 607e331449f4743d2e238c6d6b50b721
start_due_runs(p_token bigint, p_limit integer) returns TABLE(run_id uuid, queues text[]) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 d0e9560429db400b8e947d82e8a61984
start_requested_runs(p_token bigint, p_limit integer) returns TABLE(request_id uuid, outcome text, run_id uuid, code text, queues text[]) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 d78c79c1ffdddfdcbfdbbfef2fdb9065
start_runs(p_requests jsonb) returns TABLE(ordinal integer, outcome text, run_id uuid, status text, code text, message text, field text, queues text[], durability text) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan owner workflow_owner md5 d8c57bf193c3964231028076e001312f
start_tasks(p_worker uuid, p_queues text[], p_capacity integer, p_leader_token bigint, p_settled bigint[]) returns TABLE(claim_id bigint, run_id uuid, step_slug text, task_index integer, attempt integer, workflow text, definition_id uuid, tenant_id text, kind text, input jsonb, run_input jsonb, timeout_ms bigint, deadline timestamp with time zone, wait_ms bigint) language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 69303320905b5619e23772c52ae60cfa
step_output(p_run_id uuid, p_definition_id uuid, p_step_slug text) returns jsonb language plpgsql stable security definer set search_path="", enable_seqscan=off owner workflow_owner md5 eef31c35b67f07ccb6ac13b2173ae01b
step_size(p_run_id uuid, p_step workflow.workflow_steps, OUT skipped boolean, OUT elements integer, OUT error jsonb) returns record language plpgsql stable security definer set search_path="" owner workflow_owner md5 08d6a17843bc0b97fb77091d2b1dbe91
still_at_home(p_tenants text[], p_tenures bigint[]) returns TABLE(tenant_id text, tenure bigint) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 bcc5cd5455d604e8b2c570ef261e3751
stop_move(p_token bigint, p_groups text[]) returns integer language plpgsql volatile security definer set search_path="" owner workflow_owner md5 b19a2b07c8e47a6f5144568c8bfa3001
stop_worker(p_worker uuid) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 1a68ef85ef1757109615ff06ba2dd9eb
store_schedule(p_schedule workflow.workflow_schedules) returns SETOF workflow.workflow_schedules language sql volatile security definer set search_path="" owner workflow_owner md5 5713512be97249fffe7a48fa11ea827c
submit_runs(IN p_requests jsonb, INOUT answer json) returns nothing language plpgsql volatile owner workflow_owner md5 05f640eb419946108cf5158c2bfef8ce
subscription_of(p_member uuid) returns text language sql stable security definer set search_path="" owner workflow_owner md5 411ddc7981e9835a88e1f7a4aa7ba231
supersede_commands(p_lease text, p_kind text, p_now timestamp with time zone) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 1ee67aaa24f75a9ad85de91ffa657cb6
suspect(p_token bigint, p_suspicions jsonb) returns void language plpgsql volatile security definer set search_path="" owner workflow_owner md5 dcf35de9369bc2f8e198426da83309a1
suspicions(p_call jsonb, p_epoch bigint) returns jsonb language plpgsql volatile security definer set search_path="" owner workflow_owner md5 28c5ba437ac8c11de19097ef13d79782
switch_link(p_member uuid, p_enabled boolean) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 d4f0cc0e6bde527b3c5921f62b6dd825
tables_to_copy(p_member uuid) returns integer language sql stable security definer set search_path="" owner workflow_owner md5 42503b9f12eae3148b6b7f9b5718d83c
take_leadership(p_worker workflow.workflow_workers, p_lease workflow.leases, p_ttl_ms integer, p_now timestamp with time zone) returns workflow.leases language plpgsql volatile security definer set search_path="" owner workflow_owner md5 a01e281d8a20065f29d76705197d4332
take_messages(p_queues text[], p_now timestamp with time zone, p_limit integer) returns workflow.message_ref[] language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 337bd798085a70370bc6056906b1eafc
tasks_in_flight(p_claims bigint[]) returns TABLE(claim_id bigint, worker_id uuid, run_id uuid, step_slug text, task_index integer, attempt integer, available_at timestamp with time zone, started_at timestamp with time zone) language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 dd94b83dbb5205ff192dca382ae44c26
tenants_to_split(p_tenants text[]) returns SETOF text language plpgsql stable security definer set search_path="" owner workflow_owner md5 5d6420f2187f8de53d0b796954d58dee
tenure_at_home(p_tenant text, p_new_work boolean) returns TABLE(tenure bigint) language sql stable owner workflow_owner md5 ca4809a21ad2dfb27a2c773f6fe31e76
throttle_claims(p_token bigint, p_max_lag_bytes bigint) returns text language plpgsql volatile security definer set search_path="" owner workflow_owner md5 ee7dc9313e1cea47f478d640fe3efb84
topology_since(p_epoch bigint) returns jsonb language sql stable security definer set search_path="" owner workflow_owner md5 f357c761308f252c0c5168d77508c979
trim_error(p_error jsonb) returns jsonb language plpgsql stable security definer set search_path="" owner workflow_owner md5 0c53afd9f04b82491285bda7f689329e
unconfirmed_runs(p_run_ids uuid[]) returns jsonb language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off owner workflow_owner md5 6ecd08bf7abc35dbf1fd4a6080066420
unpublish(p_token bigint, p_publication text) returns void language plpgsql volatile security definer set search_path="", lock_timeout=1s owner workflow_owner md5 a47f8a18370ba8da7500f1064343e24e
unseal(p_token bigint, p_member uuid, p_known_epoch bigint) returns boolean language plpgsql volatile security definer set search_path="" owner workflow_owner md5 6d5733a952094b9505de78830b6e83e9
update_schedule(p_tenant text, p_name text, p_change jsonb, p_revision bigint) returns SETOF workflow.workflow_schedules language plpgsql volatile security definer set search_path="" owner workflow_owner md5 3d954d2645c6a0a51ac0f43fd3ddde08
verify_residency() returns TABLE(what text, subject text, sentence text) language plpgsql stable security definer set search_path="" owner workflow_owner md5 ac0bdc0f6c1d45e88a44a0fbe5baa3d3
waiting_requests(p_limit integer) returns workflow.run_requests[] language plpgsql volatile security definer set search_path="" owner workflow_owner md5 7d038bcb05e273bc2a556d6816a955c6
what_is_wrong_with_labels(p_labels jsonb) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 ecdce28ddfc79ba5aed5e68ff7fde031
whole_ms(p_number jsonb) returns bigint language sql immutable set search_path="" owner workflow_owner md5 059d46e709d459102eb88596e62bfe74
why_leader_changed(p_lease workflow.leases, p_successor text, p_now timestamp with time zone) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 9f8eb47952588e0c547be48442210819
why_not_child(p_run_id uuid, p_residency text, p_home_epoch bigint) returns text language plpgsql volatile set search_path="" owner workflow_owner md5 228e683d10a33e0e6014b67668bdf72b
why_not_home(p_tenant text) returns TABLE(reason text, sentence text, region text) language plpgsql volatile security definer set search_path="" owner workflow_owner md5 edafc1c3cbc4ac383c98058172ac2680
why_not_leading(p_worker workflow.workflow_workers, p_token bigint, p_now timestamp with time zone) returns text language plpgsql stable security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off owner workflow_owner md5 afc5725c536c789b58e03eab9e5ca6d7
why_not_run(p_run workflow.workflow_runs, OUT why text, OUT winner uuid) returns record language plpgsql volatile set search_path="" owner workflow_owner md5 9b0170611cdd313fd92740cf578dbe00
why_not_stand(p_worker workflow.workflow_workers, p_lease workflow.leases, p_ttl_ms integer, p_standing_ms integer, p_now timestamp with time zone) returns text language plpgsql stable security definer set search_path="" owner workflow_owner md5 6ca062daa48c52dfb5417bf151380074
wipe_children(p_run_id uuid, p_residency text, p_below bigint, p_kind text) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 3bce7c4c13fd983bc4b49d3d44c4fffb
wish_for(p_items jsonb[]) returns void language plpgsql volatile set search_path="" owner workflow_owner md5 5311081679447b06d50e846290a65875
wish_for_all() returns void language plpgsql volatile set search_path="" owner workflow_owner md5 60e37bbc2f2d4edc93a189188e129e3a
wish_for_version(p_slug text, p_definition_id uuid) returns TABLE(version integer, created boolean) language plpgsql volatile set search_path="" owner workflow_owner md5 beb0697ebe5b93ddaf1258656034a4b3
withdraw_messages(p_run_ids uuid[]) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 0b089334714d75e0b528230576d93f69
withdraw_step_messages(p_steps workflow.step_ref[]) returns void language plpgsql volatile security definer set search_path="", plan_cache_mode=force_generic_plan, enable_seqscan=off, enable_hashjoin=off, enable_mergejoin=off, join_collapse_limit=1 owner workflow_owner md5 7f462abf5ffa60b73743e4cd3294df1b
worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone) returns boolean language sql immutable owner workflow_owner md5 8635f1d7ce48d514f4673a799d95360c
worker_state(p_worker workflow.workflow_workers, p_now timestamp with time zone) returns text language sql immutable owner workflow_owner md5 7e10c4b0f4fcc8c1970f841b60a5aadb
write_tick() returns bigint language plpgsql volatile security definer set search_path="" owner workflow_owner md5 6f9f6d7c2124482a69e44747ed2e896d
zone_of_group(p_group text) returns text language sql stable set search_path="" owner workflow_owner md5 5ad4505b67535d426796b750bb041dd3

-- triggers

-- policies

-- grants
function workflow.accept(p_call jsonb, p_epoch bigint, p_ballot bigint, p_value jsonb): region_peer may execute
function workflow.accept(p_call jsonb, p_epoch bigint, p_ballot bigint, p_value jsonb): workflow_monitor may execute
function workflow.acquire_lease(p_name text, p_holder uuid, p_ttl_ms integer): workflow_executor may execute
function workflow.acquire_lease(p_name text, p_holder uuid, p_ttl_ms integer): workflow_monitor may execute
function workflow.acquire_lease(p_name text, p_holder uuid, p_ttl_ms integer): workflow_scheduler may execute
function workflow.activate_definition(p_slug text, p_version integer): workflow_router may execute
function workflow.add_api_key(p_key jsonb): workflow_router may execute
function workflow.adopt_chunk(p_token bigint, p_rows_max integer): workflow_monitor may execute
function workflow.advance_horizon(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.advance_tick(p_token bigint): workflow_monitor may execute
function workflow.barrier(p_call jsonb, p_epoch bigint, p_position pg_lsn): region_peer may execute
function workflow.barrier(p_call jsonb, p_epoch bigint, p_position pg_lsn): workflow_monitor may execute
function workflow.begin_move(p_token bigint, p_groups text[], p_target text, p_drain_ms integer, p_reason text): workflow_monitor may execute
function workflow.begin_round(p_token bigint, p_lease_ms integer): workflow_monitor may execute
function workflow.begin_seal(p_token bigint, p_member uuid, p_epoch bigint, p_grants_seen bigint, p_reason text): workflow_monitor may execute
function workflow.cancel_runs(p_run_ids uuid[], p_reason text): workflow_router may execute
function workflow.clear_lease(p_token bigint, p_reason text): workflow_monitor may execute
function workflow.clock(): workflow_executor may execute
function workflow.clock(): workflow_monitor may execute
function workflow.clock(): workflow_router may execute
function workflow.clock(): workflow_scheduler may execute
function workflow.close_ticks(p_token bigint): workflow_monitor may execute
function workflow.complete_tasks(p_worker uuid, p_results json, p_capacity integer, p_leader_token bigint, p_settled bigint[]): workflow_executor may execute
function workflow.count_held_messages(): workflow_executor may execute
function workflow.count_held_messages(): workflow_monitor may execute
function workflow.count_held_messages(): workflow_router may execute
function workflow.count_held_messages(): workflow_scheduler may execute
function workflow.create_schedule(p_schedule jsonb): workflow_router may execute
function workflow.delete_runs(p_run_ids uuid[]): workflow_router may execute
function workflow.delete_schedule(p_tenant text, p_name text): workflow_router may execute
function workflow.deprecate_worker(p_worker uuid): workflow_executor may execute
function workflow.deprecate_worker(p_worker uuid): workflow_monitor may execute
function workflow.deprecate_worker(p_worker uuid): workflow_router may execute
function workflow.deprecate_worker(p_worker uuid): workflow_scheduler may execute
function workflow.digest_runs(p_group text, p_after uuid, p_limit integer): region_peer may execute
function workflow.digest_runs(p_group text, p_after uuid, p_limit integer): workflow_monitor may execute
function workflow.digest_table(p_table text, p_after uuid, p_through uuid): region_peer may execute
function workflow.digest_table(p_table text, p_after uuid, p_through uuid): workflow_monitor may execute
function workflow.drop_link(p_token bigint, p_subscription text, p_reachable boolean, p_reason text): workflow_monitor may execute
function workflow.due_schedules(p_limit integer): workflow_scheduler may execute
function workflow.end_link_worker(p_token bigint, p_member uuid, p_terminate boolean): workflow_monitor may execute
function workflow.expire_workers(p_token bigint, p_limit integer): workflow_monitor may execute
function workflow.fail_back(p_token bigint, p_group text, p_reason text): workflow_monitor may execute
function workflow.fail_overdue_runs(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.fail_tasks(p_worker uuid, p_failures json): workflow_executor may execute
function workflow.fence_leader(p_token bigint, p_name text, p_seen bigint, p_reason text, p_command uuid): workflow_monitor may execute
function workflow.fence_lease(p_name text): workflow_executor may execute
function workflow.fence_lease(p_name text): workflow_monitor may execute
function workflow.fence_lease(p_name text): workflow_scheduler may execute
function workflow.find_runs_to_adopt(p_token bigint, p_limit integer): workflow_monitor may execute
function workflow.find_stuck_steps(): workflow_executor may execute
function workflow.find_stuck_steps(): workflow_monitor may execute
function workflow.find_stuck_steps(): workflow_router may execute
function workflow.find_stuck_steps(): workflow_scheduler may execute
function workflow.finish_command(p_command uuid, p_state text, p_outcome text): workflow_executor may execute
function workflow.finish_command(p_command uuid, p_state text, p_outcome text): workflow_monitor may execute
function workflow.finish_command(p_command uuid, p_state text, p_outcome text): workflow_router may execute
function workflow.finish_command(p_command uuid, p_state text, p_outcome text): workflow_scheduler may execute
function workflow.finish_region_command(p_token bigint, p_command uuid, p_state text, p_outcome text): workflow_monitor may execute
function workflow.finish_seal(p_token bigint, p_member uuid, p_epoch bigint): workflow_monitor may execute
function workflow.fire_schedules(p_token bigint, p_firings jsonb): workflow_scheduler may execute
function workflow.found_mesh(p_token bigint, p_region text, p_members jsonb): workflow_monitor may execute
function workflow.give_up_move(p_token bigint, p_groups text[], p_reason text): workflow_monitor may execute
function workflow.grant_lease(p_call jsonb, p_epoch bigint, p_round bigint, p_report jsonb): region_peer may execute
function workflow.grant_lease(p_call jsonb, p_epoch bigint, p_round bigint, p_report jsonb): workflow_monitor may execute
function workflow.groups_to_return(p_members uuid[], p_planned boolean): workflow_monitor may execute
function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]): workflow_executor may execute
function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]): workflow_monitor may execute
function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]): workflow_router may execute
function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint, p_settled bigint[]): workflow_scheduler may execute
function workflow.home_of(p_tenants text[]): workflow_executor may execute
function workflow.home_of(p_tenants text[]): workflow_monitor may execute
function workflow.home_of(p_tenants text[]): workflow_router may execute
function workflow.home_of(p_tenants text[]): workflow_scheduler may execute
function workflow.join_mesh(p_token bigint, p_region text, p_entries jsonb): workflow_monitor may execute
function workflow.lead_group(p_worker uuid, p_ttl_ms integer, p_standing_ms integer): workflow_executor may execute
function workflow.learn_topology(p_call jsonb, p_entries jsonb): region_peer may execute
function workflow.learn_topology(p_call jsonb, p_entries jsonb): workflow_monitor may execute
function workflow.lease_left_ms(): workflow_executor may execute
function workflow.lease_left_ms(): workflow_monitor may execute
function workflow.lease_left_ms(): workflow_router may execute
function workflow.lease_left_ms(): workflow_scheduler may execute
function workflow.make_link(p_token bigint, p_member uuid, p_link jsonb): workflow_monitor may execute
function workflow.next_ballot(p_token bigint, p_epoch bigint, p_above bigint): workflow_monitor may execute
function workflow.note_copied(p_token bigint, p_member uuid, p_position pg_lsn): workflow_monitor may execute
function workflow.note_peer(p_token bigint, p_member uuid, p_report jsonb): workflow_monitor may execute
function workflow.note_proposed_move(p_token bigint, p_epoch bigint, p_groups text[]): workflow_monitor may execute
function workflow.note_replicated(p_token bigint): workflow_monitor may execute
function workflow.note_standby_slots(p_token bigint, p_former text, p_slots text, p_reason text): workflow_monitor may execute
function workflow.note_whole(p_token bigint, p_member uuid, p_slot text, p_confirmed pg_lsn): workflow_monitor may execute
function workflow.observe_leftovers(): workflow_monitor may execute
function workflow.observe_links(): workflow_monitor may execute
function workflow.observe_moves(): workflow_monitor may execute
function workflow.observe_standbys(): workflow_monitor may execute
function workflow.observe_wishes(p_token bigint): workflow_monitor may execute
function workflow.offer_to(p_member uuid): region_replicator may execute
function workflow.open_run_counts(): workflow_executor may execute
function workflow.open_run_counts(): workflow_monitor may execute
function workflow.open_run_counts(): workflow_router may execute
function workflow.open_run_counts(): workflow_scheduler may execute
function workflow.own_member(): workflow_executor may execute
function workflow.own_member(): workflow_monitor may execute
function workflow.own_member(): workflow_router may execute
function workflow.own_member(): workflow_scheduler may execute
function workflow.pause_run(p_run_id uuid): workflow_router may execute
function workflow.peer_slots(): workflow_executor may execute
function workflow.peer_slots(): workflow_monitor may execute
function workflow.peer_slots(): workflow_router may execute
function workflow.peer_slots(): workflow_scheduler may execute
function workflow.prepare(p_call jsonb, p_epoch bigint, p_ballot bigint): region_peer may execute
function workflow.prepare(p_call jsonb, p_epoch bigint, p_ballot bigint): workflow_monitor may execute
function workflow.prune_failover_events(p_token bigint, p_limit integer): workflow_monitor may execute
function workflow.prune_replication(p_token bigint, p_before timestamp with time zone, p_limit integer): workflow_scheduler may execute
function workflow.prune_run_requests(p_token bigint, p_before timestamp with time zone, p_limit integer): workflow_scheduler may execute
function workflow.prune_runs(p_token bigint, p_before timestamp with time zone, p_limit integer): workflow_scheduler may execute
function workflow.prune_workers(p_token bigint, p_retention_ms bigint, p_limit integer): workflow_monitor may execute
function workflow.publish_to(p_token bigint, p_member uuid, p_version integer): workflow_monitor may execute
function workflow.quorum_positions(): workflow_executor may execute
function workflow.quorum_positions(): workflow_router may execute
function workflow.quorum_positions(): workflow_scheduler may execute
function workflow.read_queue_depths(): workflow_executor may execute
function workflow.read_queue_depths(): workflow_monitor may execute
function workflow.read_queue_depths(): workflow_router may execute
function workflow.read_queue_depths(): workflow_scheduler may execute
function workflow.read_run_request(p_request_id uuid): workflow_router may execute
function workflow.readdress_link(p_token bigint, p_member uuid, p_link jsonb): workflow_monitor may execute
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
function workflow.release_held_messages(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.release_lease(p_name text, p_holder uuid, p_token bigint): workflow_executor may execute
function workflow.release_lease(p_name text, p_holder uuid, p_token bigint): workflow_monitor may execute
function workflow.release_lease(p_name text, p_holder uuid, p_token bigint): workflow_scheduler may execute
function workflow.release_tasks(p_worker uuid, p_tasks json): workflow_executor may execute
function workflow.renew_lease(p_name text, p_holder uuid, p_token bigint, p_ttl_ms integer): workflow_executor may execute
function workflow.renew_lease(p_name text, p_holder uuid, p_token bigint, p_ttl_ms integer): workflow_monitor may execute
function workflow.renew_lease(p_name text, p_holder uuid, p_token bigint, p_ttl_ms integer): workflow_scheduler may execute
function workflow.renew_member(p_token bigint): workflow_monitor may execute
function workflow.replication_peers(): workflow_executor may execute
function workflow.replication_peers(): workflow_monitor may execute
function workflow.replication_peers(): workflow_router may execute
function workflow.replication_peers(): workflow_scheduler may execute
function workflow.request_command(p_command jsonb): workflow_router may execute
function workflow.request_region_command(p_command jsonb): workflow_router may execute
function workflow.request_runs(p_requests jsonb, p_key uuid): workflow_router may execute
function workflow.requeue_lost_tasks(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.resume_run(p_run_id uuid): workflow_router may execute
function workflow.retry_run(p_run_id uuid, p_from text, p_step text): workflow_router may execute
function workflow.revoke_api_key(p_key_id uuid): workflow_router may execute
function workflow.run_schedule_now(p_tenant text, p_name text, p_idempotency_key text): workflow_router may execute
function workflow.settle_lease(p_token bigint, p_round bigint, p_answers jsonb): workflow_monitor may execute
function workflow.start_due_runs(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.start_requested_runs(p_token bigint, p_limit integer): workflow_scheduler may execute
function workflow.start_runs(p_requests jsonb): workflow_router may execute
function workflow.start_tasks(p_worker uuid, p_queues text[], p_capacity integer, p_leader_token bigint, p_settled bigint[]): workflow_executor may execute
function workflow.still_at_home(p_tenants text[], p_tenures bigint[]): workflow_executor may execute
function workflow.still_at_home(p_tenants text[], p_tenures bigint[]): workflow_router may execute
function workflow.still_at_home(p_tenants text[], p_tenures bigint[]): workflow_scheduler may execute
function workflow.stop_move(p_token bigint, p_groups text[]): workflow_monitor may execute
function workflow.stop_worker(p_worker uuid): workflow_executor may execute
function workflow.stop_worker(p_worker uuid): workflow_monitor may execute
function workflow.stop_worker(p_worker uuid): workflow_router may execute
function workflow.stop_worker(p_worker uuid): workflow_scheduler may execute
function workflow.submit_runs(IN p_requests jsonb, INOUT answer json): workflow_router may execute
function workflow.subscription_of(p_member uuid): workflow_monitor may execute
function workflow.suspect(p_token bigint, p_suspicions jsonb): workflow_monitor may execute
function workflow.suspicions(p_call jsonb, p_epoch bigint): region_peer may execute
function workflow.suspicions(p_call jsonb, p_epoch bigint): workflow_monitor may execute
function workflow.tenants_to_split(p_tenants text[]): workflow_monitor may execute
function workflow.throttle_claims(p_token bigint, p_max_lag_bytes bigint): workflow_monitor may execute
function workflow.topology_since(p_epoch bigint): region_peer may execute
function workflow.topology_since(p_epoch bigint): workflow_monitor may execute
function workflow.unconfirmed_runs(p_run_ids uuid[]): workflow_router may execute
function workflow.unpublish(p_token bigint, p_publication text): workflow_monitor may execute
function workflow.unseal(p_token bigint, p_member uuid, p_known_epoch bigint): workflow_monitor may execute
function workflow.update_schedule(p_tenant text, p_name text, p_change jsonb, p_revision bigint): workflow_router may execute
function workflow.verify_residency(): workflow_monitor may execute
function workflow.why_not_home(p_tenant text): workflow_monitor may execute
function workflow.why_not_home(p_tenant text): workflow_router may execute
function workflow.worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_executor may execute
function workflow.worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_monitor may execute
function workflow.worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_router may execute
function workflow.worker_is_gone(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_scheduler may execute
function workflow.worker_state(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_executor may execute
function workflow.worker_state(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_monitor may execute
function workflow.worker_state(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_router may execute
function workflow.worker_state(p_worker workflow.workflow_workers, p_now timestamp with time zone): workflow_scheduler may execute
schema pgmq: pg_monitor may usage
schema pgmq: workflow_executor may usage
schema pgmq: workflow_monitor may usage
schema pgmq: workflow_owner may create, usage
schema pgmq: workflow_router may usage
schema pgmq: workflow_scheduler may usage
schema workflow: region_peer may usage
schema workflow: region_replicator may usage
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
table workflow.adoption_work: workflow_executor may select
table workflow.adoption_work: workflow_monitor may select
table workflow.adoption_work: workflow_router may select
table workflow.adoption_work: workflow_scheduler may select
table workflow.adoptions: workflow_executor may select
table workflow.adoptions: workflow_monitor may select
table workflow.adoptions: workflow_router may select
table workflow.adoptions: workflow_scheduler may select
table workflow.api_keys: workflow_executor may select
table workflow.api_keys: workflow_monitor may select
table workflow.api_keys: workflow_router may select
table workflow.api_keys: workflow_scheduler may select
table workflow.ballot_numbers: workflow_executor may select
table workflow.ballot_numbers: workflow_monitor may select
table workflow.ballot_numbers: workflow_router may select
table workflow.ballot_numbers: workflow_scheduler may select
table workflow.ballots: workflow_executor may select
table workflow.ballots: workflow_monitor may select
table workflow.ballots: workflow_router may select
table workflow.ballots: workflow_scheduler may select
table workflow.claim_throttle: workflow_executor may select
table workflow.claim_throttle: workflow_monitor may select
table workflow.claim_throttle: workflow_router may select
table workflow.claim_throttle: workflow_scheduler may select
table workflow.claims: workflow_executor may select
table workflow.claims: workflow_monitor may select
table workflow.claims: workflow_router may select
table workflow.claims: workflow_scheduler may select
table workflow.decided_versions: workflow_executor may select
table workflow.decided_versions: workflow_monitor may select
table workflow.decided_versions: workflow_router may select
table workflow.decided_versions: workflow_scheduler may select
table workflow.failover_events: workflow_executor may select
table workflow.failover_events: workflow_monitor may select
table workflow.failover_events: workflow_router may select
table workflow.failover_events: workflow_scheduler may select
table workflow.group_adoptions: region_replicator may select
table workflow.group_adoptions: workflow_executor may select
table workflow.group_adoptions: workflow_monitor may select
table workflow.group_adoptions: workflow_router may select
table workflow.group_adoptions: workflow_scheduler may select
table workflow.group_moves: workflow_executor may select
table workflow.group_moves: workflow_monitor may select
table workflow.group_moves: workflow_router may select
table workflow.group_moves: workflow_scheduler may select
table workflow.held_messages: workflow_executor may select
table workflow.held_messages: workflow_monitor may select
table workflow.held_messages: workflow_router may select
table workflow.held_messages: workflow_scheduler may select
table workflow.installation: workflow_executor may select
table workflow.installation: workflow_monitor may select
table workflow.installation: workflow_router may select
table workflow.installation: workflow_scheduler may select
table workflow.lease_grants: workflow_executor may select
table workflow.lease_grants: workflow_monitor may select
table workflow.lease_grants: workflow_router may select
table workflow.lease_grants: workflow_scheduler may select
table workflow.leases: workflow_executor may select
table workflow.leases: workflow_monitor may select
table workflow.leases: workflow_router may select
table workflow.leases: workflow_scheduler may select
table workflow.limits: workflow_executor may select
table workflow.limits: workflow_monitor may select
table workflow.limits: workflow_router may select
table workflow.limits: workflow_scheduler may select
table workflow.log_wishes: workflow_executor may select
table workflow.log_wishes: workflow_monitor may select
table workflow.log_wishes: workflow_router may select
table workflow.log_wishes: workflow_scheduler may select
table workflow.lost_runs: workflow_executor may select
table workflow.lost_runs: workflow_monitor may select
table workflow.lost_runs: workflow_router may select
table workflow.lost_runs: workflow_scheduler may select
table workflow.mesh: workflow_executor may select
table workflow.mesh: workflow_monitor may select
table workflow.mesh: workflow_router may select
table workflow.mesh: workflow_scheduler may select
table workflow.mesh_links: workflow_executor may select
table workflow.mesh_links: workflow_monitor may select
table workflow.mesh_links: workflow_router may select
table workflow.mesh_links: workflow_scheduler may select
table workflow.open_run_changes: workflow_executor may select
table workflow.open_run_changes: workflow_monitor may select
table workflow.open_run_changes: workflow_router may select
table workflow.open_run_changes: workflow_scheduler may select
table workflow.orchestrator_commands: workflow_executor may select
table workflow.orchestrator_commands: workflow_monitor may select
table workflow.orchestrator_commands: workflow_router may select
table workflow.orchestrator_commands: workflow_scheduler may select
table workflow.placement: workflow_executor may select
table workflow.placement: workflow_monitor may select
table workflow.placement: workflow_router may select
table workflow.placement: workflow_scheduler may select
table workflow.placement_history: workflow_executor may select
table workflow.placement_history: workflow_monitor may select
table workflow.placement_history: workflow_router may select
table workflow.placement_history: workflow_scheduler may select
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
table workflow.region_commands: workflow_executor may select
table workflow.region_commands: workflow_monitor may select
table workflow.region_commands: workflow_router may select
table workflow.region_commands: workflow_scheduler may select
table workflow.region_lease: workflow_executor may select
table workflow.region_lease: workflow_monitor may select
table workflow.region_lease: workflow_router may select
table workflow.region_lease: workflow_scheduler may select
table workflow.region_members: workflow_executor may select
table workflow.region_members: workflow_monitor may select
table workflow.region_members: workflow_router may select
table workflow.region_members: workflow_scheduler may select
table workflow.region_seals: workflow_executor may select
table workflow.region_seals: workflow_monitor may select
table workflow.region_seals: workflow_router may select
table workflow.region_seals: workflow_scheduler may select
table workflow.region_suspicions: workflow_executor may select
table workflow.region_suspicions: workflow_monitor may select
table workflow.region_suspicions: workflow_router may select
table workflow.region_suspicions: workflow_scheduler may select
table workflow.replicated_columns: workflow_executor may select
table workflow.replicated_columns: workflow_monitor may select
table workflow.replicated_columns: workflow_router may select
table workflow.replicated_columns: workflow_scheduler may select
table workflow.replication_conflicts: workflow_executor may select
table workflow.replication_conflicts: workflow_monitor may select
table workflow.replication_conflicts: workflow_router may select
table workflow.replication_conflicts: workflow_scheduler may select
table workflow.run_deletions: region_replicator may select
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
table workflow.run_request_outcomes: region_replicator may select
table workflow.run_request_outcomes: workflow_executor may select
table workflow.run_request_outcomes: workflow_monitor may select
table workflow.run_request_outcomes: workflow_router may select
table workflow.run_request_outcomes: workflow_scheduler may select
table workflow.run_requests: region_replicator may select
table workflow.run_requests: workflow_executor may select
table workflow.run_requests: workflow_monitor may select
table workflow.run_requests: workflow_router may select
table workflow.run_requests: workflow_scheduler may select
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
table workflow.step_attempts: region_replicator may select
table workflow.step_attempts: workflow_executor may select
table workflow.step_attempts: workflow_monitor may select
table workflow.step_attempts: workflow_router may select
table workflow.step_attempts: workflow_scheduler may select
table workflow.step_states: region_replicator may select
table workflow.step_states: workflow_executor may select
table workflow.step_states: workflow_monitor may select
table workflow.step_states: workflow_router may select
table workflow.step_states: workflow_scheduler may select
table workflow.step_tasks: region_replicator may select
table workflow.step_tasks: workflow_executor may select
table workflow.step_tasks: workflow_monitor may select
table workflow.step_tasks: workflow_router may select
table workflow.step_tasks: workflow_scheduler may select
table workflow.stream_clock: workflow_executor may select
table workflow.stream_clock: workflow_monitor may select
table workflow.stream_clock: workflow_router may select
table workflow.stream_clock: workflow_scheduler may select
table workflow.stream_ledger: region_replicator may select
table workflow.stream_ledger: workflow_executor may select
table workflow.stream_ledger: workflow_monitor may select
table workflow.stream_ledger: workflow_router may select
table workflow.stream_ledger: workflow_scheduler may select
table workflow.stream_ticks: workflow_executor may select
table workflow.stream_ticks: workflow_monitor may select
table workflow.stream_ticks: workflow_router may select
table workflow.stream_ticks: workflow_scheduler may select
table workflow.stuck_steps: workflow_executor may select
table workflow.stuck_steps: workflow_monitor may select
table workflow.stuck_steps: workflow_router may select
table workflow.stuck_steps: workflow_scheduler may select
table workflow.tenant_registry: workflow_executor may select
table workflow.tenant_registry: workflow_monitor may select
table workflow.tenant_registry: workflow_router may select
table workflow.tenant_registry: workflow_scheduler may select
table workflow.told_suspicions: workflow_executor may select
table workflow.told_suspicions: workflow_monitor may select
table workflow.told_suspicions: workflow_router may select
table workflow.told_suspicions: workflow_scheduler may select
table workflow.topology: workflow_executor may select
table workflow.topology: workflow_monitor may select
table workflow.topology: workflow_router may select
table workflow.topology: workflow_scheduler may select
table workflow.worker_states: workflow_executor may select
table workflow.worker_states: workflow_monitor may select
table workflow.worker_states: workflow_router may select
table workflow.worker_states: workflow_scheduler may select
table workflow.workflow_definitions: region_replicator may select
table workflow.workflow_definitions: workflow_executor may select
table workflow.workflow_definitions: workflow_monitor may select
table workflow.workflow_definitions: workflow_router may select
table workflow.workflow_definitions: workflow_scheduler may select
table workflow.workflow_runs: region_replicator may select
table workflow.workflow_runs: workflow_executor may select
table workflow.workflow_runs: workflow_monitor may select
table workflow.workflow_runs: workflow_router may select
table workflow.workflow_runs: workflow_scheduler may select
table workflow.workflow_schedules: region_replicator may select
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
region_peer
region_replicator
workflow_executor
workflow_monitor
workflow_owner member of pg_read_all_stats (inherit t, set t)
workflow_router
workflow_scheduler

-- queues
default_p0 (unlogged)
default_p1 (unlogged)
default_p2 (unlogged)
health_probe (unlogged)
