// Singularity Workflow: executors of the SDK with no-op handlers, each in a process of its own, connected as the executor's role. Runs are
// started as the router does it: `start_runs` in batches, then a wake-up.
import { Database, DefinitionStore, ensureServiceLogins, migrate, RunStore, Wakeups } from '@singularity-workflow/core';
import { type AnyWorkflow, createExecutor, type Executor, workflow } from '@singularity-workflow/sdk';
import { copyStatement, Sql } from '../database.js';
import type { Handle, Shape, StepOutput } from '../shape.js';
import { batchesOf, inLanes } from './batches.js';
import { mistakesInOutputs, type Peer, type PeerClient, type PeerWorker, type Range, setting, type Site, type WorkerSite } from './peer.js';

const SLUG = 'bench';
const TENANT = 'bench';
/** Limit `batch_max` of start_runs. */
const BATCH = 1_000;
const LANES = 2;

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
  client: openClient,
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

async function openClient(site: Site): Promise<PeerClient> {
  const logins = await ensureServiceLogins({ adminUrl: site.url });
  const database = new Database({ url: logins.router, poolSize: 20 });
  const wakeups = new Wakeups({ url: logins.router });
  const noHandler: Handle = (run, step) => ({ run, step });
  await new DefinitionStore(database).register(workflowOf(site.shape, noHandler).definition);
  await database.query('select 1');
  wakeups.start();
  return new OurClient(site, logins.executor, { database, wakeups });
}

class OurClient implements PeerClient {
  private readonly runs: RunStore;
  private readonly sql: Sql;
  private range: Range = { first: 0, count: 0 };
  /** Of the range. Run ids rise with time, but those of one call come as they please. */
  private runIds: string[] = [];

  constructor(
    private readonly site: Site,
    readonly workerUrl: string,
    private readonly connections: { database: Database; wakeups: Wakeups },
  ) {
    this.runs = new RunStore(connections.database);
    this.sql = new Sql(site.url);
  }

  expect(range: Range): Promise<void> {
    this.range = range;
    this.runIds = [];
    return Promise.resolve();
  }

  async submit(range: Range): Promise<void> {
    await inLanes(batchesOf(range, BATCH), LANES, async (runs) => void (await this.start(runs)));
  }

  async submitOne(run: number): Promise<string> {
    return (await this.start([run]))[0]!;
  }

  async isDone(runId: string): Promise<boolean> {
    return (await this.sql.number(`select count(*) from workflow.workflow_runs where run_id = $1 and status = 'completed'`, [runId])) === 1;
  }

  unfinished(): Promise<number> {
    return this.sql.number(
      `select count(*) from workflow.workflow_runs where run_id between $1 and $2 and status <> 'completed'`,
      this.leastAndGreatest(),
    );
  }

  async check(): Promise<string[]> {
    const found = await this.sql.rows<{ output: { last: StepOutput } | null }>(
      'select output from workflow.workflow_runs where run_id between $1 and $2',
      this.leastAndGreatest(),
    );
    const again = await this.sql.number(
      `select count(*) from workflow.step_tasks where run_id between $1 and $2 and (status <> 'completed' or attempt <> 1)`,
      this.leastAndGreatest(),
    );
    const mistakes = mistakesInOutputs(
      found.map(({ output }) => output?.last),
      this.range,
      this.site.shape,
    );
    return again > 0 ? [...mistakes, `${again} tasks are not completed at their first attempt`] : mistakes;
  }

  /** As the owner of the tables: no function makes finished runs. Ids are of yesterday, as the ids of history are. */
  async fillHistory(runs: number): Promise<void> {
    const model = `(select run_id from workflow.workflow_runs where status = 'completed' order by run_id limit 1)`;
    await this.sql.transaction(async (client) => {
      await client.query(
        `create temporary table copies on commit drop as select uuidv7('-1 day') as run_id, $1::uuid as model from generate_series(1, $2)`,
        [(await this.sql.rows<{ run_id: string }>(`select ${model} as run_id`))[0]!.run_id, runs],
      );
      for (const table of ['workflow_runs', 'step_states', 'step_tasks']) {
        const pattern = `run_id = (select c.model from copies c limit 1)`;
        await client.query(await copyStatement(this.sql, `workflow.${table}`, pattern, { run_id: 'copy.run_id' }));
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.connections.wakeups.close(), this.connections.database.close(), this.sql.close()]);
  }

  private async start(runs: readonly number[]): Promise<string[]> {
    const rows = await this.runs.start(runs.map((run) => ({ tenantId: TENANT, workflow: SLUG, input: { run } })));
    this.connections.wakeups.notify(rows[0]?.queues);
    const runIds = rows.map(({ runId, message }) => {
      if (runId === null) throw new Error(`a run was refused: ${message}`);
      return runId;
    });
    this.runIds.push(...runIds);
    return runIds;
  }

  private leastAndGreatest(): [string, string] {
    this.runIds.sort();
    return [this.runIds[0]!, this.runIds.at(-1)!];
  }
}

class OurWorker implements PeerWorker {
  private executor: Executor | null = null;

  constructor(private readonly site: WorkerSite) {}

  async start(): Promise<void> {
    const { url, shape, handle, settings } = this.site;
    this.executor = createExecutor({
      databaseUrl: url,
      workflows: [workflowOf(shape, handle)],
      concurrency: setting(settings, 'concurrency'),
      batchSize: setting(settings, 'batchSize'),
      flushSize: setting(settings, 'flushSize'),
      flushIntervalMs: setting(settings, 'flushIntervalMs'),
      databasePoolSize: setting(settings, 'poolSize'),
    });
    await this.executor.start();
  }

  async stop(): Promise<void> {
    await this.executor?.stop();
    this.executor = null;
  }
}
