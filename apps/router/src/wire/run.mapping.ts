// From core's rows to what the wire says of runs. What users wrote (input, output, labels, errors) goes through untouched.
import type { RequestState, RunSummary as SummaryRow, RunView, StepView, TaskView } from '@singularity-workflow/core';
import type { z } from 'zod';
import type { Run, RunSummary, Steps } from './run.wire.js';

type Summary = z.infer<typeof RunSummary>;
type Step = z.infer<typeof Steps>['steps'][number];
type Task = Step['tasks'][number];

export function summaryOnWire(run: SummaryRow, region: string): Summary {
  return {
    run_id: run.runId,
    tenant_id: run.tenantId,
    workflow: run.workflow,
    version: run.version,
    definition_id: run.definitionId,
    status: run.status,
    priority: run.priority,
    durability: run.durability,
    labels: run.labels,
    idempotency_key: run.idempotencyKey,
    parent_run_id: run.parentRunId,
    progress: { steps_done: run.stepsDone, steps_total: run.stepsTotal },
    error: run.error as Summary['error'],
    region,
    epoch: run.homeEpoch,
    run_at: iso(run.runAt),
    deadline: iso(run.deadline),
    created_at: run.createdAt.toISOString(),
    started_at: iso(run.startedAt),
    paused_at: iso(run.pausedAt),
    finished_at: iso(run.finishedAt),
  };
}

/** `asOf`: of the copy that it was read from; by default of the database that answered. */
export function runOnWire(run: RunView, { region, asOf = run.asOf }: { region: string; asOf?: Date }): z.infer<typeof Run> {
  return { ...summaryOnWire(run, region), input: run.input, output: run.output, as_of: asOf.toISOString() };
}

/** A submission that waits for its home: of a run, all that was asked for. */
export function requestedOnWire(
  { requestId, tenantId, workflow, request, requestedAt }: RequestState,
  region: string,
): z.infer<typeof Run> {
  const { version, priority, labels, idempotency_key: key, parent_run_id: parent, run_at: runAt, deadline, input } = request;
  return {
    run_id: requestId,
    tenant_id: tenantId,
    workflow,
    version: typeof version === 'number' ? version : null,
    definition_id: null,
    status: 'requested',
    priority: (priority ?? 'normal') as Summary['priority'],
    durability: 'local',
    labels: (labels ?? {}) as Summary['labels'],
    idempotency_key: textOrNull(key),
    parent_run_id: textOrNull(parent),
    progress: { steps_done: 0, steps_total: 0 },
    error: null,
    region,
    epoch: 0,
    run_at: textOrNull(runAt),
    deadline: textOrNull(deadline),
    created_at: requestedAt.toISOString(),
    started_at: null,
    paused_at: null,
    finished_at: null,
    input: input ?? null,
    output: null,
    as_of: new Date().toISOString(),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function stepsOnWire(steps: StepView[], tasks: TaskView[]): Step[] {
  const tasksOf = new Map<string, Task[]>();
  for (const task of tasks) {
    const those = tasksOf.get(task.stepSlug) ?? [];
    tasksOf.set(task.stepSlug, those);
    those.push(taskOnWire(task));
  }
  return steps.map((step) => ({
    step: step.stepSlug,
    kind: step.kind,
    depends_on: step.dependsOn,
    queue: step.queue,
    status: step.status,
    tasks_total: step.initialTasks,
    tasks_left: step.remainingTasks,
    skip_reason: step.skipReason,
    error: step.error as Step['error'],
    created_at: step.createdAt.toISOString(),
    started_at: iso(step.startedAt),
    finished_at: iso(step.finishedAt),
    tasks: tasksOf.get(step.stepSlug) ?? [],
  }));
}

function taskOnWire(task: TaskView): Task {
  return {
    task_index: task.taskIndex,
    status: task.status,
    attempt: task.attempt,
    failures: task.failures,
    worker_id: task.workerId,
    error: task.error as Task['error'],
    available_at: task.availableAt.toISOString(),
    created_at: task.createdAt.toISOString(),
    started_at: iso(task.startedAt),
    finished_at: iso(task.finishedAt),
    attempts: task.attempts.map((attempt) => ({
      attempt: attempt.attempt,
      worker_id: attempt.workerId,
      reported: attempt.reported,
      error: attempt.error as Task['error'],
      started_at: iso(attempt.startedAt),
      failed_at: attempt.failedAt.toISOString(),
    })),
  };
}

function iso(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
