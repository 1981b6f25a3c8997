// DBOS Transact. Runs are enqueued by a DBOSClient before the clock starts; worker processes take them from a queue in the database (its way
// to hand work to other processes), or start them themselves (`queue: 0`), whichever is faster. A single submission on an idle system is
// started in the process that runs it: the fastest way that the documentation has, with no hand-over at all.
import { randomUUID } from 'node:crypto';
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { copyStatement, Sql } from '../database.js';
import type { Shape, StepOutput } from '../shape.js';
import { batchesOf, inLanes } from './batches.js';
import { mistakesInOutputs, type Peer, type PeerClient, type PeerWorker, type Range, setting, type Site, type WorkerSite } from './peer.js';

const APPLICATION = 'bench';
const QUEUE = 'bench-queue';
const WORKFLOW = 'bench-workflow';
const BATCH = 500;
const LANES = 4;

const inProcess = 'a run is started in the process that executes it: no hand-over between processes';

export const dbos: Peer = {
  name: 'dbos',
  label: 'DBOS Transact',
  packageName: '@dbos-inc/dbos-sdk',
  settings: { workers: 2, concurrency: 50, poolSize: 20, pollMs: 10, queue: 1 },
  idleSettings: { workers: 1, queue: 0 },
  startsWhereItRuns: true,
  candidates: [
    { workers: 1, concurrency: 20, poolSize: 10, pollMs: 10, queue: 1 },
    { workers: 1, concurrency: 50, poolSize: 20, pollMs: 10, queue: 1 },
    { workers: 2, concurrency: 20, poolSize: 10, pollMs: 10, queue: 1 },
    { workers: 2, concurrency: 50, poolSize: 20, pollMs: 10, queue: 1 },
    { workers: 2, concurrency: 200, poolSize: 50, pollMs: 20, queue: 1 },
    { workers: 1, concurrency: 20, poolSize: 20, pollMs: 10, queue: 0 },
    { workers: 2, concurrency: 20, poolSize: 20, pollMs: 10, queue: 0 },
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
  client: async (site) => new DbosSubmitter(site, await clientOf(site.url)),
  worker: (site) => new DbosWorker(site),
};

const clientOf = (url: string): Promise<DBOSClient> =>
  DBOSClient.create({ systemDatabaseUrl: url, systemDatabasePoolSize: 20, applicationName: APPLICATION, logger: quiet });

const nothing = (): void => undefined;
const quiet = { info: nothing, debug: nothing, warn: console.error, error: console.error };

class DbosSubmitter implements PeerClient {
  readonly workerUrl: string;
  private readonly sql: Sql;
  private range: Range = { first: 0, count: 0 };
  /** No run of the range is older. */
  private fromMs = 0;

  constructor(
    private readonly site: Site,
    private readonly client: DBOSClient,
  ) {
    this.workerUrl = site.url;
    this.sql = new Sql(site.url, { connections: LANES });
  }

  async expect(range: Range): Promise<void> {
    this.range = range;
    this.fromMs = await this.sql.number('select (extract(epoch from clock_timestamp()) * 1000)::bigint');
  }

  async submit(range: Range): Promise<void> {
    if (this.site.settings['queue'] === 0) return; // its workers start them
    await inLanes(batchesOf(range, BATCH), LANES, (runs) =>
      this.sql.transaction(async (connection) => {
        for (const run of runs) await this.client.enqueueInTransaction(connection as pg.ClientBase, this.options(), run);
      }),
    );
  }

  async submitOne(run: number): Promise<string> {
    return (await this.client.enqueue(this.options(), run)).workflowID;
  }

  async isDone(id: string): Promise<boolean> {
    return (await this.sql.number(`select count(*) from dbos.workflow_status where workflow_uuid = $1 and status = 'SUCCESS'`, [id])) === 1;
  }

  unfinished(): Promise<number> {
    return this.sql.number(`select count(*) from dbos.workflow_status where status in ('ENQUEUED', 'PENDING')`);
  }

  async check(): Promise<string[]> {
    const found = await this.client.listWorkflows({ startTime: new Date(this.fromMs).toISOString(), loadInput: false });
    const outputs = found.map(({ status, output }) => (status === 'SUCCESS' ? (output as StepOutput) : null));
    return mistakesInOutputs(outputs, this.range, this.site.shape);
  }

  async fillHistory(runs: number): Promise<void> {
    const model = (
      await this.sql.rows<{ id: string }>(`select workflow_uuid as id from dbos.workflow_status where status = 'SUCCESS' limit 1`)
    )[0]!.id;
    const tables = await this.sql.rows<{ name: string }>(
      `select table_name as name from information_schema.columns where table_schema = 'dbos' and column_name = 'workflow_uuid' order by table_name <> 'workflow_status', 1`,
    );
    await this.sql.transaction(async (client) => {
      await client.query(
        `create temporary table copies on commit drop as select gen_random_uuid()::text as id, $1::text as model from generate_series(1, $2)`,
        [model, runs],
      );
      for (const { name } of tables) {
        const pattern = `workflow_uuid = (select c.model from copies c limit 1)`;
        await client.query(await copyStatement(this.sql, `dbos.${name}`, pattern, { workflow_uuid: 'copy.id' }));
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.client.destroy(), this.sql.close()]);
  }

  private options(): { queueName: string; workflowName: string; workflowID: string } {
    return { queueName: QUEUE, workflowName: WORKFLOW, workflowID: randomUUID() };
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
      void inLanes(mine, concurrency, async (run) => void (await this.workflow(run)));
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
