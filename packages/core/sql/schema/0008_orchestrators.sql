-- Orchestrators (active-passive): groups of executors of which one leads at a time, and what operators ask of them. Local: never replicated.

alter table workflow.leases
  add column holder_group text,
  add column command_id   uuid,
  add column without_ms   bigint;
comment on column workflow.leases.holder_group is 'Where a group of workers holds it: all of them use its token, and holder is the one that renewed last.';
comment on column workflow.leases.command_id is 'The stop or promote on which its holder gives it up: nobody claims with its token any more.';
comment on column workflow.leases.without_ms is 'How long nobody held it before its holder took it; null where that is not known.';

alter table workflow.workflow_workers
  add constraint role_known check (role in ('primary', 'standby')),
  add constraint a_role_has_a_group check ((role is null) = (orchestrator_group is null));

alter table workflow.failover_events add column cause text;
comment on column workflow.failover_events.cause is 'Of a change of a leader, in one word: first, left, promoted, fenced, silent or expired.';

-- What operators (and failback) asked for. The monitor and the orchestrators act on it and write down what became of it.
create table workflow.orchestrator_commands (
  command_id    uuid        primary key,
  kind          text        not null,
  lease         text,
  worker_id     uuid,
  target_group  text,
  drain_ms      int         not null,
  requested_at  timestamptz not null,
  requested_by  text,
  reason        text        not null,
  overdue_at    timestamptz not null,
  state         text        not null default 'requested',
  outcome       text,
  token         bigint,
  finished_at   timestamptz,
  constraint kind_known check (kind in ('stop', 'promote', 'fence')),
  constraint state_known check (state in ('requested', 'done', 'failed')),
  constraint finished_iff_not_requested check ((finished_at is null) = (state = 'requested')),
  constraint outcome_iff_finished check ((outcome is null) = (finished_at is null))
);
create unique index one_open_command_per_lease on workflow.orchestrator_commands (lease) where finished_at is null;
create index orchestrator_commands_by_time on workflow.orchestrator_commands (requested_at desc);
comment on column workflow.orchestrator_commands.lease is 'The lease that shall change hands; null for a stop of workers that do not hold one.';
comment on column workflow.orchestrator_commands.drain_ms is 'How long what runs may finish before it is given back.';
comment on column workflow.orchestrator_commands.token is
  'Of a promote: that of the new leader. Of a stop: the one that was given up. Of a fence: the new one, which nobody holds.';

insert into workflow.limits (name, value, unit, description) values
  ('orchestrator_commands_max', 1000, 'commands', 'newest commands to orchestrators that are kept');
