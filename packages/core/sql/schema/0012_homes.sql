-- Homes: what a region does with the groups that are its own. All of it is local.

comment on column workflow.run_deletions.placement_group is 'The hash group of the tenant, as in workflow_runs.';

-- What was written since a tick is found by blocks. A summarising index keeps updates HOT; several ranges, for each region counts ticks of its own.
create index runs_by_tick on workflow.workflow_runs using brin (written_tick int8_minmax_multi_ops) with (pages_per_range = 32);

-- The groups that this region is adopting (R8). reached: the runs up to here have been looked at, from the horizon on; null: all that must be adopted is
-- in adoption_work, and the marker follows when that is done.
create table workflow.adoptions (
  placement_group  text         primary key,
  tenure           bigint       not null,
  reached          uuid,
  begun_at         timestamptz  not null
);

-- Runs of an older tenure than their group's: of a group that is being adopted, or late ones that arrived after that.
create table workflow.adoption_work (
  placement_group  text  not null,
  run_id           uuid  not null,
  primary key (placement_group, run_id)
);

-- R10: a move that was proposed is given up only when the epoch it was proposed for has been decided otherwise.
alter table workflow.group_moves add column proposed_epoch bigint;

-- R12: one request for each key that a client repeats, and the requests that wait for their home.
create index requests_by_key on workflow.run_requests (tenant_id, (request ->> 'workflow'), (request ->> 'idempotency_key'))
  where request ->> 'idempotency_key' is not null;

-- R16: there is a row while too few regions keep up; then nothing is claimed.
create table workflow.claim_throttle (
  singleton  boolean      primary key default true,
  reason     text         not null,
  since      timestamptz  not null,
  constraint one_row_only check (singleton)
);
