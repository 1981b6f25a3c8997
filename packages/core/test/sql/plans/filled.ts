// The filled database that plans are judged on: a history, and open runs of every kind over it, made by the functions themselves.
// Every workflow has a queue of its own name, so that a story claims the tasks that it is about.
import { json, type TestDatabase, type TestWorker } from '@singularity-workflow/testkit';
import { historySql, NO_AUTOVACUUM } from './history.sql.js';

export interface Filled {
  readonly db: TestDatabase;
  /** Runs every step there is. */
  readonly worker: TestWorker;
  readonly schedulerToken: number;
}

const FINISHED = 24_000;
/** Open runs of each workflow: more than the largest batch. */
const OPEN = 1_400;
const BATCH = 1_000;
const OTHER_WORKFLOWS = 200;
const SILENT_WORKERS = 30;
const BUSY_WORKERS = 10;
const CLAIMS_EACH = 20;

export const WORKFLOWS = [
  { slug: 'single', steps: [{ slug: 'only' }] },
  { slug: 'chain', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }, { slug: 'c', depends_on: ['b'] }] },
  { slug: 'leaves', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }, { slug: 'c', depends_on: ['a'] }] },
  {
    slug: 'diamond',
    steps: [{ slug: 'a' }, { slug: 'b' }, { slug: 'd', depends_on: ['a', 'b'] }],
  },
  {
    slug: 'fan',
    steps: [{ slug: 'split' }, { slug: 'part', kind: 'map' as const, depends_on: ['split'] }, { slug: 'join', depends_on: ['part'] }],
  },
  { slug: 'fragile', max_attempts: 1, steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] },
  {
    slug: 'lenient',
    max_attempts: 1,
    steps: [
      { slug: 'a', when_exhausted: 'skip-cascade' as const },
      { slug: 'b', depends_on: ['a'] },
      { slug: 'c', when_exhausted: 'skip' as const },
      { slug: 'd', depends_on: ['b', 'c'] },
    ],
  },
];

/** Definitions, workers and queues; all other tables are empty. */
export async function prepare(db: TestDatabase): Promise<Filled> {
  await db.sql('analyze'); // as autovacuum does with tables that were emptied: from then on the planner takes them for empty
  await db.sql(NO_AUTOVACUUM);
  for (const { slug, ...definition } of WORKFLOWS) await db.make.define({ slug, queue: slug, ...definition });
  for (let i = 0; i < OTHER_WORKFLOWS; i += 1) await db.make.define(`other-${i}`, 'a', 'b');
  const queues = WORKFLOWS.map(({ slug }) => slug);
  const runnableSteps = WORKFLOWS.flatMap(({ slug, steps }) => steps.map((step): [string, string] => [slug, step.slug]));
  const worker = await db.make.worker({ queues, runnableSteps });
  for (let i = 0; i < SILENT_WORKERS; i += 1) await db.make.worker({ queues, heartbeatTimeoutMs: 10_000 });
  await db.sql(NO_AUTOVACUUM); // of the queues too, which were made meanwhile
  return { db, worker, schedulerToken: await db.make.leaderToken() };
}

/** Open runs of every workflow, and as many that are to start later. */
export async function startOpen({ db }: Filled, count: number): Promise<void> {
  for (const { slug } of WORKFLOWS) await startRuns(db, slug, count);
  await startRuns(db, 'single', count, { run_at: new Date(Date.now() + 3_600_000).toISOString() });
}

export async function fill(filled: Filled, finished = FINISHED): Promise<void> {
  const { db } = filled;
  await db.sql(historySql(finished));
  await startOpen(filled, OPEN);
  await db.sql(`update workflow.run_horizon set oldest_open_run_id = workflow.run_id_floor(now() - interval '1 hour')`);

  // In flight with somebody else, some of them dead.
  for (let i = 0; i < BUSY_WORKERS; i += 1) {
    const other = await db.make.worker({ queues: ['chain', 'single'] });
    for (let claim = 0; claim < CLAIMS_EACH; claim += 1) await other.claim({ queues: ['chain', 'single'], capacity: 1 });
  }
  const dead = await db.make.worker({ queues: ['chain'], heartbeatTimeoutMs: 10_000 });
  for (let i = 0; i < 5; i += 1) await dead.claim({ queues: ['chain'], capacity: 10 });
  await db.sql(
    `update workflow.workflow_workers set last_heartbeat_at = now() - interval '1 hour', tasks_requeued_at = now()
                 where heartbeat_timeout_ms = 10000 and worker_id <> $1`,
    [dead.id],
  );
  const paused = await db.sql<{ run_id: string }>(
    `select run_id from workflow.workflow_runs where workflow = 'chain' and status = 'started' limit 20`,
  );
  for (const { run_id } of paused) await db.call('pause_run', [run_id]);
}

async function startRuns(db: TestDatabase, workflow: string, runs: number, more: object = {}): Promise<void> {
  for (let from = 0; from < runs; from += BATCH) {
    await db.call('start_runs', [json(requests({ workflow, count: Math.min(BATCH, runs - from), from, more }))]);
  }
}

/** Every tenth urgent, every tenth of low priority, every fifth with a deadline. */
export function requests({
  workflow,
  count,
  from = 0,
  more = {},
}: {
  workflow: string;
  count: number;
  from?: number;
  more?: object;
}): object[] {
  const deadline = new Date(Date.now() + 86_400_000).toISOString();
  return Array.from({ length: count }, (_, at) => ({
    tenant_id: `tenant-${(from + at) % 500}`,
    workflow,
    input: { number: from + at },
    priority: at % 10 === 0 ? 'high' : at % 10 === 1 ? 'low' : 'normal',
    ...(at % 5 === 0 ? { deadline } : {}),
    ...more,
  }));
}
