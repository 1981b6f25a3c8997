// Singularity Workflow: executors of the SDK with no-op handlers, each in a process of its own, connected as the executor's role. Runs are
// started as the router does it: `start_runs` in batches, then a wake-up.
import { Database, DefinitionStore, ensureServiceLogins, migrate, RunStore, submitRuns, Wakeups } from '@singularity-workflow/core';
import { type AnyWorkflow, createExecutor, type Executor, workflow } from '@singularity-workflow/sdk';
import type { Sql } from '../database.js';
import type { Handle, Shape, StepOutput } from '../shape.js';
import { batchesOf, inLanes } from './batches.js';
import { fillOurHistory } from './ours-history.js';
import {
  mistakesInOutputs,
  type Feeder,
  type Looker,
  type Peer,
  type PeerWorker,
  type Range,
  setting,
  type Site,
  type WorkerSite,
} from './peer.js';

const SLUG = 'bench';
const TENANT = 'bench';
/** Limit `batch_max` of start_runs. */
const BATCH = 1_000;
const LANES = 2;
const CALLERS_MAX = 16;

export const ours: Peer = {
  name: 'ours',
  label: 'Singularity Workflow',
  packageName: null,
  settings: { workers: 1, concurrency: 2_000, batchSize: 500, flushSize: 500, flushIntervalMs: 3, poolSize: 6 },
  idleSettings: { workers: 1 },
  startsWhereItRuns: false,
  candidates: [
    { workers: 1, concurrency: 200, batchSize: 100, flushSize: 200, flushIntervalMs: 3, poolSize: 6 },
    { workers: 1, concurrency: 1_000, batchSize: 250, flushSize: 250, flushIntervalMs: 3, poolSize: 6 },
    { workers: 1, concurrency: 2_000, batchSize: 500, flushSize: 500, flushIntervalMs: 3, poolSize: 6 },
    { workers: 1, concurrency: 4_000, batchSize: 1_000, flushSize: 1_000, flushIntervalMs: 3, poolSize: 6 },
    { workers: 2, concurrency: 1_000, batchSize: 500, flushSize: 500, flushIntervalMs: 3, poolSize: 6 },
  ],
  takesPart: { chain1: '', chain3: '', chain10: '', fanout: '', latency: '', latency3: '', history: '', submission: '' },
  install: async (adminUrl) => void (await migrate({ adminUrl })),
  workerUrl: async (adminUrl) => (await ensureServiceLogins({ adminUrl })).executor,
  feeder: openFeeder,
  looker: (sql, shape, tenants) => new OurLooker(sql, shape, tenants ?? null),
  worker: (site) => new OurWorker(site),
};

/** What the loop below needs of the builder: its own types follow every step, which a loop cannot. */
interface Builder extends AnyWorkflow {
  step(slug: string, options: object, handler: (input: never, ctx: { runInput: { run: number }; taskIndex: number }) => unknown): Builder;
  map(slug: string, options: object, handler: (input: never, ctx: { runInput: { run: number }; taskIndex: number }) => unknown): Builder;
}

function workflowOf(shape: Shape, handle: Handle): AnyWorkflow {
  let flow = workflow<{ run: number }>(SLUG) as unknown as Builder;
  if (shape.kind === 'fanout') {
    const elements = Array.from({ length: shape.width }, (_, element) => element);
    return flow
      .step('root', {}, (_, { runInput }) => (handle(runInput.run, 0), elements))
      .map('each', { over: 'root' }, (_, { runInput, taskIndex }) => handle(runInput.run, 1 + taskIndex))
      .step('last', { dependsOn: ['each'] }, (_, { runInput }) => handle(runInput.run, 1 + shape.width));
  }
  for (let step = 0; step < shape.steps; step += 1) {
    const slug = step === shape.steps - 1 ? 'last' : `step${step}`;
    flow = flow.step(slug, step === 0 ? {} : { dependsOn: [`step${step - 1}`] }, (_, { runInput }) => handle(runInput.run, step));
  }
  return flow;
}

async function openFeeder({ url, shape, tenants = [TENANT] }: Site): Promise<Feeder> {
  const { router } = await ensureServiceLogins({ adminUrl: url });
  const database = new Database({ url: router, poolSize: CALLERS_MAX });
  const wakeups = new Wakeups({ url: router });
  const noHandler: Handle = (run, step) => ({ run, step });
  await new DefinitionStore(database).register(workflowOf(shape, noHandler).definition);
  wakeups.start();
  return new OurFeeder(database, wakeups, tenants);
}

class OurFeeder implements Feeder {
  readonly runs: RunStore;

  constructor(
    private readonly database: Database,
    readonly wakeups: Wakeups,
    private readonly tenants: readonly string[],
  ) {
    this.runs = new RunStore(database);
  }

  async submit(range: Range): Promise<void> {
    await inLanes(batchesOf(range, BATCH), LANES, async (runs) => void (await this.start(runs)));
  }

  async submitOne(run: number): Promise<string> {
    return (await this.start([run]))[0]!;
  }

  async close(): Promise<void> {
    await Promise.all([this.wakeups.close(), this.database.close()]);
  }

  private async start(runs: readonly number[]): Promise<string[]> {
    const { tenants } = this;
    const requests = runs.map((run) => ({ tenantId: tenants[run % tenants.length]!, workflow: SLUG, input: { run } }));
    const rows = await submitRuns(this, requests);
    return rows.map(({ runId, message }) => {
      if (runId === null) throw new Error(`a run was refused: ${message}`);
      return runId;
    });
  }
}

const OF_RANGE = 'run_id > $1 and ($2::text[] is null or tenant_id = any ($2))';

class OurLooker implements Looker {
  private range: Range = { first: 0, count: 0 };
  /** Run ids rise with time: those of the range come after this one. */
  private floorId = '';

  constructor(
    private readonly sql: Sql,
    private readonly shape: Shape,
    private readonly tenants: readonly string[] | null,
  ) {}

  async expect(range: Range): Promise<void> {
    this.range = range;
    this.floorId = (await this.sql.rows<{ id: string }>('select uuidv7() as id'))[0]!.id;
  }

  async isDone(runId: string): Promise<boolean> {
    return (await this.sql.number(`select count(*) from workflow.workflow_runs where run_id = $1 and status = 'completed'`, [runId])) === 1;
  }

  unfinished(): Promise<number> {
    return this.sql.number(`select count(*) from workflow.workflow_runs where ${OF_RANGE} and status <> 'completed'`, this.place);
  }

  async check(): Promise<string[]> {
    const text = `select output from workflow.workflow_runs where ${OF_RANGE}`;
    const found = await this.sql.rows<{ output: { last: StepOutput } | null }>(text, this.place);
    const again = await this.sql.number(
      `select count(*) from workflow.step_tasks t join workflow.workflow_runs using (run_id)
        where ${OF_RANGE} and (t.status <> 'completed' or t.attempt <> 1)`,
      this.place,
    );
    const outputs = found.map(({ output }) => output?.last);
    const mistakes = mistakesInOutputs(outputs, this.range, this.shape);
    return again > 0 ? [...mistakes, `${again} tasks are not completed at their first attempt`] : mistakes;
  }

  private get place(): readonly unknown[] {
    return [this.floorId, this.tenants];
  }

  fillHistory(runs: number, note?: (done: number) => Promise<void>): Promise<void> {
    return fillOurHistory(this.sql.url, runs, note);
  }
}

class OurWorker implements PeerWorker {
  private executor: Executor | null = null;
  /** Claims that came back, empty ones too; tasks that came with the answer to a report instead. */
  counters = { claims: 0, handedOver: 0 };

  constructor(private readonly site: WorkerSite) {}

  async start(): Promise<void> {
    const { url, shape, handle, settings } = this.site;
    const counters = { claims: 0, handedOver: 0 };
    this.counters = counters;
    this.executor = createExecutor({
      databaseUrl: url,
      workflows: [workflowOf(shape, handle)],
      concurrency: setting(settings, 'concurrency'),
      batchSize: setting(settings, 'batchSize'),
      flushSize: setting(settings, 'flushSize'),
      flushIntervalMs: setting(settings, 'flushIntervalMs'),
      databasePoolSize: setting(settings, 'poolSize'),
      metrics: {
        claimed: () => void (counters.claims += 1),
        handedOver: (tasks) => void (counters.handedOver += tasks),
      },
    });
    await this.executor.start();
  }

  async stop(): Promise<void> {
    await this.executor?.stop();
    this.executor = null;
  }
}
