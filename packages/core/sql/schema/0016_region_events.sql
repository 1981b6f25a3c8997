-- What is decided about regions is told in failover_events, in one sentence, by whoever learns or does it. Here is what tells that it was told already, and
-- what a sentence needs until then.
alter table workflow.mesh         add column unknown_epoch bigint;
alter table workflow.region_lease add column lost_at timestamptz;
alter table workflow.group_moves  add column reason text;

comment on column workflow.mesh.unknown_epoch is 'The epoch that this member could not learn, for its release does not know such a value: it stands before it.';
comment on column workflow.region_lease.lost_at is 'Since when this region, which had a lease, has none; null: it has one, or never had any.';
comment on column workflow.group_moves.reason is 'Why the group goes: what the decided move will say.';
comment on column workflow.failover_events.kind is 'leader_changed, worker_expired, split_brain, fenced, command_done, command_failed; of regions one of REGION_EVENT_KINDS (core/src/domain/region-events.ts).';
comment on column workflow.failover_events.subject is 'What it is about: a lease, a worker, a group of orchestrators, or a region.';
comment on column workflow.failover_events.former is 'Who did the job before.';
comment on column workflow.failover_events.successor is 'Who does it from now on; regions by name, with commas.';
comment on column workflow.failover_events.recorded_by is 'The worker that decided it; null: it was learned, or SQL decided.';
