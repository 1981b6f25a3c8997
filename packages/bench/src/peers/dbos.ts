// DBOS Transact. Runs are enqueued by a DBOSClient before the clock starts; worker processes take them from a queue in the database (its way
// to hand work to other processes), or start them themselves (`queue: 0`), whichever is faster. A single submission on an idle system is
// started in the process that runs it: the fastest way that the documentation has, with no hand-over at all.
import { DBOS, DBOSClient, type EnqueueWorkflowOptions as EnqueueOptions } from '@dbos-inc/dbos-sdk';
import { copyStatement, Sql } from '../database.js';
import type { Shape, StepOutput } from '../shape.js';
import { batchesOf, inLanes } from './batches.js';
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

const APPLICATION = 'bench';
const QUEUE = 'bench-queue';
const WORKFLOW = 'bench-workflow';
const BATCH = 500;
const LANES = 4;
const CALLERS_MAX = 16;

const inProcess = 'a run is started in the process that executes it: no hand-over between processes';

export const dbos: Peer = {
  name: 'dbos',
  label: 'DBOS Transact',
  packageName: '@dbos-inc/dbos-sdk',
  settings: { workers: 1, concurrency: 50, poolSize: 20, pollMs: 10, queue: 1 },
  idleSettings: { workers: 1, queue: 0 },
  startsWhereItRuns: true,
  candidates: [
    { workers: 1, concurrency: 10, poolSize: 10, pollMs: 10, queue: 1 },
    { workers: 1, concurrency: 20, poolSize: 20, pollMs: 10, queue: 1 },
    { workers: 1, concurrency: 50, poolSize: 20, pollMs: 10, queue: 1 },
    { workers: 1, concurrency: 100, poolSize: 50, pollMs: 20, queue: 1 },
    { workers: 2, concurrency: 20, poolSize: 10, pollMs: 10, queue: 1 },
    { workers: 1, concurrency: 20, poolSize: 20, pollMs: 10, queue: 0 },
    { workers: 2, concurrency: 10, poolSize: 10, pollMs: 10, queue: 0 },
  ],
  takesPart: {
    chain1: '',
    chain3: '',
    chain10: '',
    fanout: 'the elements are steps that one workflow function runs at once',
    latency: inProcess,
    latency3: inProcess,
    history: '',
    submission: 'batched: 500 enqueues in one transaction of the caller',
  },
  install: (adminUrl) => DBOS.migrate(adminUrl),
  feeder: openFeeder,
  looker: (sql, shape) => new DbosLooker(sql, shape),
  worker: (site) => new DbosWorker(site),
};

const nothing = (): void => undefined;
const quiet = { info: nothing, debug: nothing, warn: console.error, error: console.error };

async function openFeeder({ url, settings }: Site): Promise<Feeder> {
  const options = { systemDatabaseUrl: url, systemDatabasePoolSize: CALLERS_MAX, applicationName: APPLICATION, logger: quiet };
  return new DbosFeeder(await DBOSClient.create(options), new Sql(url, { connections: LANES, name: 'feeder' }), settings['queue'] === 1);
}

class DbosFeeder implements Feeder {
  constructor(
    private readonly client: DBOSClient,
    private readonly sql: Sql,
    /** Otherwise its workers start the runs. */
    private readonly enqueues: boolean,
  ) {}

  async submit(range: Range): Promise<void> {
    if (!this.enqueues) return;
    await inLanes(batchesOf(range, BATCH), LANES, (runs) =>
      this.sql.transaction(async (connection) => {
        for (const run of runs) await this.client.enqueueInTransaction(connection, enqueueOptions(), run);
      }),
    );
  }

  async submitOne(run: number): Promise<string> {
    return (await this.client.enqueue(enqueueOptions(), run)).workflowID;
  }

  async close(): Promise<void> {
    await Promise.all([this.client.destroy(), this.sql.close()]);
  }
}

const enqueueOptions = (): EnqueueOptions => ({ queueName: QUEUE, workflowName: WORKFLOW });

class DbosLooker implements Looker {
  private range: Range = { first: 0, count: 0 };
  /** No run of the range is older. */
  private fromMs = 0;

  constructor(
    private readonly sql: Sql,
    private readonly shape: Shape,
  ) {}

  async expect(range: Range): Promise<void> {
    this.range = range;
    this.fromMs = await this.sql.number('select (extract(epoch from clock_timestamp()) * 1000)::bigint');
  }

  async isDone(id: string): Promise<boolean> {
    return (await this.sql.number(`select count(*) from dbos.workflow_status where workflow_uuid = $1 and status = 'SUCCESS'`, [id])) === 1;
  }

  unfinished(): Promise<number> {
    return this.sql.number(`select count(*) from dbos.workflow_status where status in ('ENQUEUED', 'PENDING')`);
  }

  async check(): Promise<string[]> {
    const found = await this.sql.rows<{ output: StepOutput | null }>(
      `select o.output::json -> 'json' as output
         from dbos.workflow_status s left join dbos.workflow_output o on o.workflow_uuid = s.workflow_uuid and s.status = 'SUCCESS'
        where s.created_at >= $1`,
      [this.fromMs],
    );
    const outputs = found.map(({ output }) => output);
    return mistakesInOutputs(outputs, this.range, this.shape);
  }

  async fillHistory(runs: number): Promise<void> {
    const tables = await this.sql.rows<{ name: string }>(
      `select table_name as name from information_schema.columns where table_schema = 'dbos' and column_name = 'workflow_uuid'
        order by table_name <> 'workflow_status', 1`,
    );
    const model = `(select workflow_uuid from dbos.workflow_status where status = 'SUCCESS' limit 1)`;
    await this.sql.transaction(async (client) => {
      const copies = `create temporary table copies on commit drop as select gen_random_uuid()::text as id, ${model} as model from generate_series(1, $1)`;
      await client.query(copies, [runs]);
      for (const { name } of tables) {
        const pattern = 'workflow_uuid = (select c.model from copies c limit 1)';
        await client.query(await copyStatement(client, `dbos.${name}`, pattern, { workflow_uuid: 'copy.id' }));
      }
    });
  }
}

class DbosWorker implements PeerWorker {
  private readonly workflow: (run: number) => Promise<StepOutput>;

  constructor(private readonly site: WorkerSite) {
    const { url, settings, index } = site;
    DBOS.setConfig({
      name: APPLICATION,
      systemDatabaseUrl: url,
      systemDatabasePoolSize: setting(settings, 'poolSize'),
      executorID: `bench-${index}`,
      runMigrations: false,
      logger: quiet,
    });
    this.workflow = DBOS.registerWorkflow(bodyOf(site.shape, site.handle), { name: WORKFLOW });
  }

  async start({ first, count }: Range): Promise<void> {
    const { settings, index } = this.site;
    const concurrency = setting(settings, 'concurrency');
    await DBOS.launch();
    if (settings['queue'] === 1) {
      const pollMs = setting(settings, 'pollMs');
      await DBOS.registerQueue(QUEUE, { workerConcurrency: concurrency, minPollingIntervalMs: pollMs, onConflict: 'always_update' });
    } else {
      const mine = Array.from({ length: count }, (_, at) => first + at).filter((run) => run % setting(settings, 'workers') === index);
      void inLanes(mine, concurrency, async (run) => void (await (await DBOS.startWorkflow(this.workflow)(run)).getResult()));
    }
  }

  async submitOne(run: number): Promise<string> {
    return (await DBOS.startWorkflow(this.workflow)(run)).workflowID;
  }

  stop(): Promise<void> {
    return DBOS.shutdown();
  }
}

function bodyOf(shape: Shape, handle: WorkerSite['handle']): (run: number) => Promise<StepOutput> {
  const step = (run: number, at: number): Promise<StepOutput> => DBOS.runStep(() => Promise.resolve(handle(run, at)), { name: 'step' });
  if (shape.kind === 'fanout') {
    return async (run) => {
      await step(run, 0);
      await Promise.all(Array.from({ length: shape.width }, (_, element) => step(run, 1 + element)));
      return step(run, 1 + shape.width);
    };
  }
  return async (run) => {
    let output = await step(run, 0);
    for (let at = 1; at < shape.steps; at += 1) output = await step(run, at);
    return output;
  };
}
