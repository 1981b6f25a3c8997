-- Who works, who leads, what happened. Local: never replicated.

create table workflow.workflow_workers (
  worker_id              uuid        primary key,
  app                    text        not null,
  region                 text        not null default 'local',
  role                   text,
  orchestrator_group     text,
  host                   text        not null,
  pid                    int         not null,
  version                text        not null,
  address                text,
  queues                 text[]      not null default '{}',
  runnable_steps         jsonb       not null default '[]',
  capacity               int         not null default 0,
  running                int         not null default 0,
  heartbeat_timeout_ms   int         not null,
  visibility_timeout_ms  int         not null,
  leader_token           bigint,
  started_at             timestamptz not null,
  last_heartbeat_at      timestamptz not null,
  deprecated_at          timestamptz,
  stopped_at             timestamptz,
  expired_at             timestamptz,
  tasks_requeued_at      timestamptz,
  constraint app_known check (app in ('router', 'scheduler', 'executor', 'failover-monitor')),
  constraint timeouts_are_positive check (heartbeat_timeout_ms > 0 and visibility_timeout_ms > 0)
) with (fillfactor = 50);
comment on column workflow.workflow_workers.runnable_steps is 'Array of [workflow, step] pairs that this worker has a handler for.';
comment on column workflow.workflow_workers.expired_at is 'When the monitor recorded that the worker fell silent.';
comment on column workflow.workflow_workers.tasks_requeued_at is 'When the scheduler took its tasks away: from then on it may not claim.';

-- The right to act until a time of this database's clock, with a token that rises with every new holder.
create table workflow.leases (
  name         text        primary key,
  holder       uuid        not null,
  token        bigint      not null,
  acquired_at  timestamptz not null,
  expires_at   timestamptz not null
) with (fillfactor = 50);

create table workflow.failover_events (
  event_id     bigint      generated always as identity primary key,
  occurred_at  timestamptz not null,
  kind         text        not null,
  subject      text        not null,
  former       text,
  successor    text,
  reason       text        not null,
  without_ms   bigint,
  recorded_by  uuid
);
create index failover_events_by_time on workflow.failover_events (occurred_at desc);
comment on column workflow.failover_events.reason is 'One sentence: why this was decided.';
comment on column workflow.failover_events.without_ms is 'How long nobody did the job.';

-- The queues that exist: each is three unlogged pgmq queues, <name>_p0 (low), _p1 (normal), _p2 (high).
create table workflow.queues (
  name        text        primary key,
  created_at  timestamptz not null
);

-- Empty after a crash of the server, like the queues: that is how the scheduler notices that they must be rebuilt.
create unlogged table workflow.queue_marker (
  singleton   boolean     primary key default true,
  rebuilt_at  timestamptz not null,
  constraint one_row_only check (singleton)
);
insert into workflow.queue_marker (rebuilt_at) values (clock_timestamp());
