-- The shapes that SQL functions hand to each other. Local to the functions: nothing of this is stored.

create type workflow.step_ref as (
  run_id     uuid,
  step_slug  text
);

-- A task that wants a message: in which pgmq queue, and from when on it may be read.
create type workflow.outgoing_message as (
  queue       text,
  run_id      uuid,
  step_slug   text,
  task_index  int,
  visible_at  timestamptz
);

-- A message that exists: the task that it names and where it lies.
create type workflow.message_ref as (
  queue       text,
  message_id  bigint,
  run_id      uuid,
  step_slug   text,
  task_index  int
);

-- What a worker says about an attempt, or what the scheduler says in its place.
create type workflow.task_report as (
  ordinal         int,
  run_id          uuid,
  step_slug       text,
  task_index      int,
  attempt         int,
  message_id      bigint,
  queue           text,
  output          jsonb,
  output_bytes    int,
  error           jsonb,
  retryable       boolean,
  retry_after_ms  bigint,
  reason          text
);

-- A run that ends before its steps did: its final status, and why.
create type workflow.run_closing as (
  run_id  uuid,
  status  text,
  error   jsonb
);

-- One element of start_runs, resolved and judged: code is null where it may start.
create type workflow.run_request as (
  ordinal          int,
  run_id           uuid,
  tenant_id        text,
  workflow         text,
  definition_id    uuid,
  total_steps      int,
  input            jsonb,
  idempotency_key  text,
  request_hash     bytea,
  priority         smallint,
  durability       text,
  labels           jsonb,
  run_at           timestamptz,
  deadline         timestamptz,
  parent_run_id    uuid,
  code             text,
  message          text,
  field            text
);

-- A task that a claim has just given to its worker.
create type workflow.claimed_task as (
  run_id         uuid,
  step_slug      text,
  task_index     int,
  attempt        int,
  message_id     bigint,
  queue          text,
  definition_id  uuid,
  available_at   timestamptz
);

-- A task that had its last attempt, and what its step says shall follow.
create type workflow.exhausted_task as (
  run_id          uuid,
  step_slug       text,
  when_exhausted  text,
  error           jsonb
);
