-- Schedules: workflows that the clock starts. Replicated, like runs. A deletion is a mark, for a row that is gone would not travel.
-- next_fire_at is the slot that has not been judged yet; due_at is when it may fire: the slot and the schedule's share of its jitter. Slots are
-- computed by the services (cron, time zone, daylight saving); what SQL knows of them is that each fires once, in order.

create table workflow.workflow_schedules (
  tenant_id        text        not null,
  name             text        not null,
  residency        text        not null default 'global',
  home_epoch       bigint      not null,
  revision         bigint      not null default 1,
  written_tick     bigint      not null,
  placement_group  text        not null,
  cron             text        not null,
  time_zone        text        not null,
  workflow         text        not null,
  version          int,
  input            jsonb       not null,
  labels           jsonb       not null default '{}',
  priority         smallint    not null default 1,
  catch_up         text        not null default 'one',
  catch_up_max     int         not null default 100,
  jitter_ms        int         not null default 0,
  paused           boolean     not null default false,
  next_fire_at     timestamptz,
  due_at           timestamptz,
  last_slot_at     timestamptz,
  last_run_id      uuid,
  last_error       jsonb,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  deleted_at       timestamptz,
  primary key (tenant_id, name, residency),
  constraint catch_up_known        check (catch_up in ('none', 'one', 'all')),
  constraint catch_up_max_in_range check (catch_up_max between 1 and 1000),
  constraint jitter_in_range       check (jitter_ms between 0 and 86400000),
  constraint priority_known        check (priority between 0 and 2),
  constraint a_paused_schedule_has_no_next_slot  check (next_fire_at is null or not paused),
  constraint a_deleted_schedule_has_no_next_slot check (next_fire_at is null or deleted_at is null),
  constraint due_iff_there_is_a_next_slot        check ((due_at is null) = (next_fire_at is null)),
  constraint never_due_before_its_slot           check (due_at >= next_fire_at)
) with (fillfactor = 80);
comment on column workflow.workflow_schedules.version is 'Null: the version that is active when a slot fires.';
comment on column workflow.workflow_schedules.last_error is 'Why the last slot started no run, or why none can be computed: {code, message, slot?}; null when the last one started.';

create index schedules_by_due_time on workflow.workflow_schedules (due_at) where due_at is not null;

insert into workflow.limits (name, value, unit, description) values
  ('schedule_grace_ms', 60000, 'ms', 'how late a slot may be when a scheduler takes over and still count as on time');

-- One schedule's part of a call of fire_schedules, judged: which slots shall start a run, and where it goes on.
create type workflow.schedule_firing as (
  ordinal       int,
  tenant_id     text,
  name          text,
  slots         timestamptz[],
  next_fire_at  timestamptz,
  error         jsonb,
  verdict       text
);

-- What became of one slot.
create type workflow.slot_answer as (
  ordinal  int,
  slot_at  timestamptz,
  outcome  text,
  run_id   uuid,
  error    jsonb
);
