// Executors of a test against its database: stopped after it, whatever happened.
import { waitFor, type TestDatabase } from '@singularity-workflow/testkit';
import { createExecutor, type AnyWorkflow, type Executor, type ExecutorEvent, type ExecutorOptions } from '../../src/index.js';

export interface Harness {
  /** A started executor with short intervals. */
  readonly executor: (workflows: readonly AnyWorkflow[], options?: Partial<ExecutorOptions>) => Promise<Executor>;
  /** What executors of this test logged. */
  readonly events: ExecutorEvent[];
  readonly eventsOf: <Name extends ExecutorEvent['event']>(name: Name) => Extract<ExecutorEvent, { event: Name }>[];
  readonly finished: (runId: string) => Promise<{ status: string; output: unknown; error: { code: string; message: string } | null }>;
}

/** Call at the top of a file, below `useTestDatabase`. */
export function useExecutors(db: TestDatabase): Harness {
  const running: Executor[] = [];
  const events: ExecutorEvent[] = [];
  beforeEach(() => {
    events.length = 0;
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((executor) => executor.stop({ hasten: true })));
  });
  return {
    events,
    eventsOf: (name) => events.filter((event): event is Extract<ExecutorEvent, { event: typeof name }> => event.event === name),
    async executor(workflows, options = {}) {
      const executor = createExecutor({
        databaseUrl: db.url('workflow_executor'),
        workflows,
        heartbeatIntervalMs: 100,
        heartbeatTimeoutMs: 5_000,
        pollIntervalMs: 20,
        drainTimeoutMs: 5_000,
        ...options,
      });
      executor.onEvent((event) => events.push(event));
      running.push(executor);
      await executor.start();
      return executor;
    },
    finished: (runId) =>
      waitFor(
        async () => {
          const run = await db.make.run(runId);
          return run.status === 'completed' || run.status === 'failed' || run.status === 'cancelled' ? run : null;
        },
        { until: `run ${runId} has ended` },
      ),
  };
}

/** Moves the database's clock, and waits until every worker was heard of since: nobody is taken for dead. */
export async function passTime(db: TestDatabase, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= STEP_MS) {
    await db.clock.advance(Math.min(left, STEP_MS));
    const [{ now }] = (await db.sql<{ now: Date }>('select workflow.clock() as now')) as [{ now: Date }];
    await waitFor(async () => (await db.sql('select 1 from workflow.workflow_workers where last_heartbeat_at < $1', [now])).length === 0, {
      until: 'a heartbeat of every worker',
    });
  }
}

const STEP_MS = 2_000;

/** A promise that the test settles. */
export function gate<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open!: (value: T) => void;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
