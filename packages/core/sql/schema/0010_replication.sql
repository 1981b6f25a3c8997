-- What travels between regions beside runs, and what guarded apply keeps. Replicated tables have the writer's tenure, revision and tick.

-- Replicated: the marker that ends an adoption (R8). A seal ranks by it (D5).
create table workflow.group_adoptions (
  placement_group  text        not null,
  residency        text        not null default 'global',
  home_epoch       bigint      not null,
  region           text        not null,
  member_id        uuid        not null,
  revision         bigint      not null default 1,
  written_tick     bigint      not null,
  adopted_at       timestamptz not null,
  primary key (placement_group, home_epoch, residency)
);

-- Replicated: how far each writer's stream is confirmed by everybody (R8).
create table workflow.stream_ledger (
  writer              uuid        not null,
  residency           text        not null default 'global',
  replicated_through  bigint      not null,
  revision            bigint      not null default 1,
  written_at          timestamptz not null,
  primary key (writer, residency),
  constraint a_ledger_belongs_to_everybody check (residency = 'global')
);

-- Replicated: submissions that were accepted while the tenant's home did not answer (R12). Insert-only.
create table workflow.run_requests (
  request_id     uuid        not null,
  residency      text        not null default 'global',
  writer         uuid        not null,
  written_tick   bigint      not null,
  tenant_id      text        not null,
  placement_group text       not null,
  request        jsonb       not null,
  key_id         uuid,
  requested_at   timestamptz not null,
  primary key (request_id, residency)
);
comment on column workflow.run_requests.request_id is 'Becomes the id of the run.';

create table workflow.run_request_outcomes (
  request_id    uuid        not null,
  residency     text        not null default 'global',
  home_epoch    bigint      not null,
  revision      bigint      not null default 1,
  written_tick  bigint      not null,
  outcome       text        not null,
  run_id        uuid,
  code          text,
  message       text,
  decided_at    timestamptz not null,
  primary key (request_id, home_epoch, residency),
  constraint outcome_known check (outcome in ('started', 'merged', 'refused'))
);

-- A deletion outlives its run. What it says of the run finds the deletion's group (R8), and the key: a deleted run goes on beating late runs of a
-- lower tenure with its key, or regions would differ by the order of arrival. Null in deletions from before.
alter table workflow.run_deletions
  add column tenant_id       text,
  add column placement_group text,
  add column workflow        text,
  add column idempotency_key text,
  add column run_epoch       bigint;
comment on column workflow.run_deletions.run_epoch is 'The tenure of the run when it was deleted; an adoption of the deletion leaves it.';
create index deletions_by_key on workflow.run_deletions (tenant_id, workflow, idempotency_key) where idempotency_key is not null;

-- Local: runs that lost their idempotency key to another; catches their late rows, up to the tenure in which they lost (R3).
create table workflow.lost_runs (
  run_id      uuid        not null,
  residency   text        not null,
  lost_to     uuid        not null,
  home_epoch  bigint      not null,
  lost_at     timestamptz not null,
  primary key (run_id, residency)
);
comment on column workflow.lost_runs.lost_to is 'The run that stands.';
create index lost_runs_by_winner on workflow.lost_runs (lost_to);

-- Local: what guarded apply dropped or replaced, whole, where a tenure had written what another did not know of.
create table workflow.replication_conflicts (
  conflict_id     bigint      generated always as identity primary key,
  at              timestamptz not null default clock_timestamp(),
  sender          text        not null,
  table_name      text        not null,
  kind            text        not null,
  run_id          uuid,
  incoming_epoch  bigint,
  stored_epoch    bigint,
  incoming        jsonb,
  stored          jsonb,
  constraint conflict_kind_known check (kind in ('stale', 'superseded', 'lost_key', 'lost_run', 'newer_by_update'))
);
comment on column workflow.replication_conflicts.sender is 'The peer whose stream brought the row, as the subscription names it.';
comment on column workflow.replication_conflicts.kind is
  'stale: of a lower tenure, dropped. superseded: replaced by a higher tenure that had not seen its last writes. lost_key: another run has its key. lost_run: a late row of such a run. newer_by_update: a higher tenure came as an update, its insert is missing (alarm).';
create index conflicts_of_a_run on workflow.replication_conflicts (run_id);

insert into workflow.limits (name, value, unit, description) values
  ('replication_conflicts_max', 100000, 'rows', 'newest conflicts of guarded apply that are kept');
