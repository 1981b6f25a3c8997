-- What is in flight: one row for each call that claimed something, in place of a hidden message for each task (ADR 0008). A run counts its
-- leaves, not its steps (ADR 0009), and rows have room beside them for the versions that follow.

-- A task that a claim gave to its worker.
drop type workflow.claimed_task;
create type workflow.claimed_task as (
  run_id        uuid,
  step_slug     text,
  task_index    int,
  attempt       int,
  available_at  timestamptz
);

-- Local, unlogged like the queues; a rebuild makes it anew from the tasks that are started.
create unlogged table workflow.claims (
  claim_id    bigint                   primary key default floor(random() * 9007199254740992),
  worker_id   uuid                     not null,
  claimed_at  timestamptz              not null,
  overdue_at  timestamptz              not null,
  lost        boolean                  not null default false,
  tasks       workflow.claimed_task[]  not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
alter table workflow.claims alter column tasks set storage external;
create index claims_of_a_worker on workflow.claims (worker_id);
comment on column workflow.claims.claim_id is
  'Random, so that it never comes again, not even after a crash that takes sequences back; 53 bits, which a JavaScript number holds.';
comment on column workflow.claims.overdue_at is 'Before this time none of its tasks can be past its timeout.';
comment on column workflow.claims.lost is 'The worker lives and does not know of it: the answer to its claim never arrived.';

alter type workflow.message_ref drop attribute queue, drop attribute message_id;
alter type workflow.task_report drop attribute message_id, drop attribute queue;

-- The same with what is known of it when it is given: all that its handler needs but inputs.
create type workflow.handed_task as (
  run_id         uuid,
  step_slug      text,
  task_index     int,
  attempt        int,
  available_at   timestamptz,
  workflow       text,
  definition_id  uuid,
  tenant_id      text,
  deadline       timestamptz,
  kind           text,
  dependencies   text[],
  gathers_maps   boolean,
  timeout_ms     bigint
);

-- A report of a completion with the run and the step that it is about, read together while the run is locked.
create type workflow.held_report as (
  ordinal        int,
  run_id         uuid,
  step_slug      text,
  task_index     int,
  attempt        int,
  output         jsonb,
  output_bytes   int,
  tenant_id      text,
  residency      text,
  home_epoch     bigint,
  written_tick   bigint,
  workflow       text,
  definition_id  uuid,
  run_status     text,
  priority       smallint,
  deadline       timestamptz,
  dependents     text[],
  sole_leaf      boolean
);

-- A step that ended, with what is needed to go on from it. sole_output: the run's output, where the step is its only leaf.
create type workflow.ended_step as (
  run_id         uuid,
  step_slug      text,
  residency      text,
  home_epoch     bigint,
  written_tick   bigint,
  tenant_id      text,
  workflow       text,
  definition_id  uuid,
  run_status     text,
  priority       smallint,
  deadline       timestamptz,
  dependents     text[],
  sole_output    jsonb
);

-- A worker that takes over tasks the moment they become ready. Of lowest_priority and above: nothing more urgent waits for it.
create type workflow.task_taker as (
  worker_id             uuid,
  heartbeat_timeout_ms  int,
  queues                text[],
  runnable_steps        jsonb,
  capacity              int,
  lowest_priority       smallint
);

alter table workflow.workflow_steps add column sole_leaf boolean not null default false, add column gathers_maps boolean not null default false;
comment on column workflow.workflow_steps.sole_leaf is 'A single step, and the only one without dependents: its output is the run''s.';
comment on column workflow.workflow_steps.gathers_maps is 'One of its dependencies is a map: its output must be gathered.';
alter table workflow.workflow_versions add column total_leaves int;
alter type workflow.run_request add attribute total_leaves int;

with leaf as (
  select s.definition_id, count(*) as leaves from workflow.workflow_steps s where s.dependents = '{}' group by s.definition_id
), sole as (
  update workflow.workflow_steps s set sole_leaf = true
    from leaf l where l.definition_id = s.definition_id and l.leaves = 1 and s.dependents = '{}' and s.kind = 'single'
)
update workflow.workflow_versions v set total_leaves = l.leaves from leaf l where l.definition_id = v.definition_id;
alter table workflow.workflow_versions alter column total_leaves set not null;
update workflow.workflow_steps s set gathers_maps = true
 where exists (select from workflow.workflow_steps b where b.definition_id = s.definition_id and b.step_slug = any (s.dependencies) and b.kind = 'map');

alter table workflow.workflow_runs rename column remaining_steps to remaining_leaves;
alter table workflow.workflow_runs rename constraint a_completed_run_has_no_steps_left to a_completed_run_has_no_leaves_left;
alter table workflow.workflow_runs rename constraint remaining_steps_in_range to remaining_leaves_in_range;
-- Of every run that may go on, now or by a retry: which steps are open, or wait for one that is. From now on a step that a cascade skipped is over
-- only when its other dependencies are.
create unlogged table workflow.waiting_step as
  with recursive waiting as (
    select s.run_id, r.definition_id, s.step_slug
      from workflow.workflow_runs r
      join workflow.step_states s on s.run_id = r.run_id
     where r.status <> 'completed' and s.status not in ('completed', 'skipped')
    union
    select w.run_id, w.definition_id, d.step_slug
      from waiting w
      join workflow.workflow_step_dependencies d on d.definition_id = w.definition_id and d.depends_on = w.step_slug
  )
  select w.* from waiting w;
update workflow.step_states s
   set remaining_deps = (select count(*)
                           from workflow.workflow_step_dependencies d
                           join workflow.waiting_step w on w.run_id = s.run_id and w.definition_id = d.definition_id and w.step_slug = d.depends_on
                          where d.definition_id = r.definition_id and d.step_slug = s.step_slug)
  from workflow.workflow_runs r
 where r.run_id = s.run_id and r.status <> 'completed' and s.status = 'skipped';
update workflow.workflow_runs r
   set remaining_leaves = (select count(*)
                             from workflow.workflow_steps l
                            where l.definition_id = r.definition_id and l.dependents = '{}'
                              and (not exists (select from workflow.step_states s where s.run_id = r.run_id)
                                   or exists (select from workflow.waiting_step w where w.run_id = r.run_id and w.step_slug = l.step_slug)))
 where r.status <> 'completed';
drop table workflow.waiting_step;

alter table workflow.workflow_runs set (fillfactor = 50);
alter table workflow.step_states   set (fillfactor = 50);
alter table workflow.step_tasks    set (fillfactor = 50);

-- Queues hold what waits, nothing else. What lies in them now is put back by a rebuild, claims of before by their workers' tasks.
do $$
declare
  v_queue text;
begin
  for v_queue in select 'q_' || q.name || '_p' || p from workflow.queues q, generate_series(0, 2) p loop
    execute format('truncate pgmq.%I', v_queue);
    execute format('drop index if exists pgmq.%I', v_queue || '_waiting');
    execute format('drop index if exists pgmq.%I', v_queue || '_in_flight');
    execute format('create index %I on pgmq.%I (vt)', v_queue || '_waiting', v_queue);
  end loop;
  if exists (select from workflow.queues) then
    delete from workflow.queue_marker;
  end if;
end $$;
