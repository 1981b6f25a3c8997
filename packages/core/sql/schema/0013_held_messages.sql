-- Durability quorum (R11). Local and unlogged like the queues; a rebuild puts what is queued into it again.

-- Messages of runs with durability quorum that no queue has yet: other regions must have confirmed what they follow from.
create unlogged table workflow.held_messages (
  run_id      uuid         not null,
  step_slug   text         not null,
  task_index  int          not null,
  queue       text         not null,
  visible_at  timestamptz  not null,
  zone        text         not null,
  held_at     timestamptz  not null,
  position    pg_lsn
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
create index held_messages_of_a_run on workflow.held_messages (run_id);
create index held_messages_by_position on workflow.held_messages (zone, position);
create index held_messages_without_position on workflow.held_messages (held_at) where position is null;
comment on column workflow.held_messages.zone is 'Of the tenant, whose zone never changes: who must have confirmed.';
comment on column workflow.held_messages.position is
  'Up to here the log must be confirmed. Null: not read yet. FFFFFFFF/FFFFFFFF: of a group that is being adopted, not to be read before its marker.';

alter type workflow.held_report add attribute durability text;
alter type workflow.ended_step add attribute durability text;
