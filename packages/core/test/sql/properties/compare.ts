// What the tables say, beside what the model says.
import assert from 'node:assert/strict';
import { brokenLaws, type BrokenLaw, type TestDatabase } from '@singularity-workflow/testkit';
import type { ModelRun, ModelStep } from './model.js';

interface TaskState {
  run_id: string;
  step_slug: string;
  task_index: number;
  status: string;
  attempt: number;
  failures: number;
  worker_id: string | null;
  output: unknown;
}
interface StepState {
  run_id: string;
  step_slug: string;
  status: string;
  remaining_deps: number;
  initial_tasks: number | null;
  skip_reason: string | null;
}
interface RunState {
  run_id: string;
  status: string;
  remaining_leaves: number;
  output: unknown;
  error: { code: string } | null;
}

export interface State {
  broken: BrokenLaw[];
  runs: RunState[];
  steps: StepState[];
  tasks: TaskState[];
  /** Ids. */
  claims: number[];
}

export async function readState(db: TestDatabase): Promise<State> {
  const [[tables], broken] = await Promise.all([
    db.sql<Omit<State, 'broken'>>(`
      select (select coalesce(json_agg(r), '[]') from (select run_id, status, remaining_leaves, output, error from workflow.workflow_runs) r) as runs,
             (select coalesce(json_agg(s), '[]') from (select run_id, step_slug, status, remaining_deps, initial_tasks, skip_reason from workflow.step_states) s) as steps,
             (select coalesce(json_agg(t order by t.task_index), '[]')
                from (select run_id, step_slug, task_index, status, attempt, failures, worker_id, output from workflow.step_tasks) t) as tasks,
             (select coalesce(json_agg(c.claim_id), '[]') from workflow.claims c) as claims`),
    brokenLaws(db),
  ]);
  return { broken, ...tables! };
}

/** Throws where the tables differ from the model, or break a law of SPEC.md. */
export function compare(models: readonly ModelRun[], state: State): void {
  assert.deepEqual(state.broken, []);
  for (const model of models) {
    const run = state.runs.find(({ run_id }) => run_id === model.runId)!;
    assert.deepEqual(pictureOf(run, state), pictureOfModel(model));
    if (model.isFinal) continue;
    assert.equal(run.remaining_leaves, model.remainingLeaves);
  }
}

/** Steps that may wait for others: those that a cascade skipped too, while their run goes on. */
const waits = (step: string, run: string) => step === 'created' || (step === 'skipped' && (run === 'started' || run === 'paused'));

function pictureOf(run: RunState, { steps, tasks }: State): unknown {
  return {
    status: run.status,
    error: run.error?.code ?? null,
    output: run.output,
    steps: Object.fromEntries(
      steps
        .filter(({ run_id }) => run_id === run.run_id)
        .map(({ step_slug, status, remaining_deps, initial_tasks, skip_reason }) => [
          step_slug,
          {
            status,
            remainingDeps: waits(status, run.status) ? remaining_deps : null,
            initialTasks: status === 'started' || status === 'completed' ? initial_tasks : null,
            skipReason: skip_reason,
            tasks: tasks
              .filter((task) => task.run_id === run.run_id && task.step_slug === step_slug && task.status !== 'cancelled')
              .map((task) => [
                task.task_index,
                task.status,
                task.attempt,
                task.failures,
                task.status === 'started' ? task.worker_id : null,
                task.output,
              ]),
          },
        ]),
    ),
  };
}

function pictureOfModel(model: ModelRun): unknown {
  return {
    status: model.status,
    error: model.errorCode,
    output: model.status === 'completed' ? model.output() : null,
    steps: Object.fromEntries([...model.steps].map(([slug, step]) => [slug, pictureOfStep(step, model, slug)])),
  };
}

const pictureOfStep = ({ status, initialTasks, skipReason, tasks }: ModelStep, run: ModelRun, slug: string) => ({
  status,
  remainingDeps: waits(status, run.status) ? run.remainingDepsOf(slug) : null,
  initialTasks: status === 'started' || status === 'completed' ? initialTasks : null,
  skipReason,
  tasks: tasks.flatMap((task, index) =>
    task.status === 'cancelled'
      ? []
      : [[index, task.status, task.attempt, task.failures, task.status === 'started' ? task.worker : null, task.output ?? null]],
  ),
});
