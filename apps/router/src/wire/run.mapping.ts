// From core's rows to what the wire says of runs. What users wrote (input, output, labels, errors) goes through untouched.
import type { RunSummary as SummaryRow, RunView, StepView, TaskView } from '@singularity-workflow/core';
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

export function runOnWire(run: RunView, region: string): z.infer<typeof Run> {
  return { ...summaryOnWire(run, region), input: run.input, output: run.output, as_of: run.asOf.toISOString() };
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
