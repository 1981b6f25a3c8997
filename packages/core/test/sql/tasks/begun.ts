// Where the tests of the hand-over begin: a run whose roots a worker holds that can run every step.
import type { Claimed, StartRequest, StepDefinition, TestDatabase, TestWorker, WorkerOptions } from '@singularity-workflow/testkit';

export const chain: StepDefinition[] = [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }, { slug: 'c', depends_on: ['b'] }];
export const join: StepDefinition[] = [{ slug: 'a' }, { slug: 'b' }, { slug: 'j', depends_on: ['a', 'b'] }];

export const able = (steps: StepDefinition[], workflow = 'w') => steps.map(({ slug }): [string, string] => [workflow, slug]);
export const slugs = (tasks: readonly { step_slug: string }[]) => tasks.map(({ step_slug }) => step_slug).toSorted();
export const find = (tasks: readonly Claimed[], slug: string) => tasks.find(({ step_slug }) => step_slug === slug)!;

export interface Begun {
  readonly runId: string;
  readonly worker: TestWorker;
  readonly roots: Claimed[];
}

export async function begun(
  db: TestDatabase,
  steps: StepDefinition[],
  options: WorkerOptions = {},
  { input = {}, ...request }: Partial<StartRequest> = {},
): Promise<Begun> {
  await db.make.define({ slug: 'w', base_delay_ms: 0, steps });
  const runId = await db.make.start('w', input, request);
  const worker = await db.make.worker({ runnableSteps: able(steps), queues: ['default', 'second'], ...options });
  return { runId, worker, roots: await worker.claim({ queues: ['default', 'second'] }) };
}
