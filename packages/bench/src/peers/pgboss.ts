// pg-boss, a job queue: jobs are fetched and completed in batches, by as many loops as the sweep found best. A chain is a job that sends the
// next one in the transaction that completes it; a fan-out is its `flow`, whose resolver, which by itself looks once a second, is told to
// look all the time.
import { type Db, type FlowJob, type Job, PgBoss } from 'pg-boss';
import { copyStatement, type Sql } from '../database.js';
import { pause } from '../measure/clock.js';
import { lastStepOf, type Shape } from '../shape.js';
import { batchesOf, inLanes } from './batches.js';
import { type Feeder, type Looker, type Peer, type PeerWorker, type Range, setting, type Site, type WorkerSite } from './peer.js';

const QUEUE = 'steps';
const BATCH = 1_000;
const FLOWS_PER_CALL = 20;
const LANES = 2;
const CALLERS_MAX = 16;
const IDLE_MS = 5;
const RESOLVE_MS = 5;

interface Step {
  run: number;
  step: number;
}

const asJobs = 'no chains: each job sends the next in the transaction that completes it';

export const pgboss: Peer = {
  name: 'pgboss',
  label: 'pg-boss, batched',
  packageName: 'pg-boss',
  settings: { workers: 1, lanes: 4, batchSize: 500 },
  idleSettings: { workers: 1, lanes: 1, notify: 1 },
  startsWhereItRuns: false,
  candidates: [
    { workers: 1, lanes: 1, batchSize: 500 },
    { workers: 1, lanes: 2, batchSize: 500 },
    { workers: 1, lanes: 4, batchSize: 200 },
    { workers: 1, lanes: 4, batchSize: 500 },
    { workers: 1, lanes: 4, batchSize: 1_000 },
    { workers: 2, lanes: 2, batchSize: 500 },
  ],
  takesPart: {
    chain1: 'a job',
    chain3: asJobs,
    chain10: asJobs,
    fanout: 'a flow of 102 jobs, all stored at submission',
    latency: 'a job; LISTEN/NOTIFY is on',
    latency3: `${asJobs}; LISTEN/NOTIFY is on`,
    history: asJobs,
    submission: 'the first job of each run',
  },
  install,
  feeder: openFeeder,
  looker: (sql, shape) => new BossLooker(sql, shape),
  worker: (site) => new BossWorker(site),
};

const bossOf = (url: string, max: number, listens: boolean): PgBoss => {
  const boss = new PgBoss({ connectionString: url, max, schedule: false, supervise: false, migrate: false, useListenNotify: listens });
  boss.on('error', (error) => console.error(error));
  return boss;
};

async function install(adminUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: adminUrl, schedule: false, supervise: false });
  await boss.start();
  await boss.stop({ graceful: false });
}

async function openFeeder({ url, shape, settings }: Site): Promise<Feeder> {
  const boss = bossOf(url, CALLERS_MAX, false);
  await boss.start();
  await boss.createQueue(QUEUE, { notify: settings['notify'] === 1 });
  return new BossFeeder(boss, shape);
}

class BossFeeder implements Feeder {
  constructor(
    private readonly boss: PgBoss,
    private readonly shape: Shape,
  ) {}

  async submit(range: Range): Promise<void> {
    const { boss, shape } = this;
    if (shape.kind === 'fanout') {
      await inLanes(
        batchesOf(range, FLOWS_PER_CALL),
        LANES,
        async (runs) => void (await boss.flow(runs.flatMap((run) => flowOf(run, shape.width)))),
      );
      return;
    }
    await inLanes(batchesOf(range, BATCH), LANES, async (runs) => {
      const jobs = runs.map((run) => ({ data: { run, step: 0 } }));
      await boss.insert(QUEUE, jobs);
    });
  }

  async submitOne(run: number): Promise<string> {
    await this.boss.send(QUEUE, { run, step: 0 });
    return String(run);
  }

  close(): Promise<void> {
    return this.boss.stop({ graceful: false });
  }
}

class BossLooker implements Looker {
  private range: Range = { first: 0, count: 0 };
  private hasHistory = false;

  constructor(
    private readonly sql: Sql,
    private readonly shape: Shape,
  ) {}

  expect(range: Range): Promise<void> {
    this.range = range;
    return Promise.resolve();
  }

  /** One run at a time is under way when this is asked; its last job is looked for. */
  async isDone(run: string): Promise<boolean> {
    const last = { run: Number(run), step: lastStepOf(this.shape) };
    return (await this.sql.number(`select count(*) from pgboss.job where state = 'completed' and data = $1`, [last])) === 1;
  }

  /**
   * Reads the whole table, for no index finds active jobs. With a history that takes longer than the work: there the commits that the workers were
   * acknowledged must do, and what `check` finds.
   */
  async unfinished(): Promise<number> {
    return this.hasHistory ? 0 : this.sql.number(`select count(*) from pgboss.job where state < 'completed'`);
  }

  async check(): Promise<string[]> {
    const { first, count } = this.range;
    const found = await this.sql.rows<{ run: number; good: boolean }>(
      `select (data ->> 'run')::int as run, state = 'completed' and retry_count = 0 as good
         from pgboss.job where (data ->> 'step')::int = $1 and (data ->> 'run')::int >= $2`,
      [lastStepOf(this.shape), first],
    );
    const good = new Set(found.filter((one) => one.good).map(({ run }) => run));
    return good.size === count && found.length === count
      ? []
      : [`of ${count} runs ${good.size} have a last job that is completed, among ${found.length}`];
  }

  async fillHistory(runs: number): Promise<void> {
    await this.sql.transaction(async (client) => {
      await client.query('create temporary table copies on commit drop as select n from generate_series(1, $1) n', [runs]);
      const pattern = `data ->> 'run' = (select data ->> 'run' from pgboss.job where state = 'completed' limit 1)`;
      await client.query(await copyStatement(client, 'pgboss.job', pattern, { id: 'gen_random_uuid()' }));
    });
    this.hasHistory = true;
  }
}

function flowOf(run: number, width: number): FlowJob[] {
  const root = `${run}.0`;
  const elements = Array.from({ length: width }, (_, element) => `${run}.${1 + element}`);
  return [
    { ref: root, name: QUEUE, data: { run, step: 0 } },
    ...elements.map((ref, element) => ({ ref, name: QUEUE, data: { run, step: 1 + element }, dependsOn: [root] })),
    { ref: `${run}.${width + 1}`, name: QUEUE, data: { run, step: width + 1 }, dependsOn: elements },
  ];
}

class BossWorker implements PeerWorker {
  private boss: PgBoss | null = null;
  pending = 0;
  private working: Promise<unknown> = Promise.resolve();
  private stopping = false;

  constructor(private readonly site: WorkerSite) {}

  async start(): Promise<void> {
    const { settings, shape, url, index } = this.site;
    const lanes = setting(settings, 'lanes');
    const boss = bossOf(url, 2 * lanes + 2, settings['notify'] === 1);
    this.boss = boss;
    this.stopping = false;
    await boss.start();
    if (settings['notify'] === 1) {
      const options = { batchSize: 1, localConcurrency: lanes, pollingIntervalSeconds: 0.5, transactional: true } as const;
      await boss.work(QUEUE, options, (jobs: Job<Step>[], tx: Db) => this.sendNext(jobs, { db: tx }));
      return;
    }
    const loops = Array.from({ length: lanes }, () => this.work(boss, setting(settings, 'batchSize')));
    if (shape.kind === 'fanout' && index === 0) loops.push(this.resolve(boss));
    this.working = Promise.all(loops);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.working;
    await this.boss?.stop({ graceful: false });
  }

  private async work(boss: PgBoss, batchSize: number): Promise<void> {
    while (!this.stopping) {
      const jobs = await boss.fetch<Step>(QUEUE, { batchSize });
      this.pending += jobs.length;
      if (jobs.length === 0) await pause(IDLE_MS);
      else await this.settle(boss, jobs);
      this.pending -= jobs.length;
    }
  }

  /** Completes a batch; what follows from it is sent in the same transaction. */
  private async settle(boss: PgBoss, jobs: Job<Step>[]): Promise<void> {
    const ids = jobs.map(({ id }) => id);
    if (this.site.shape.kind === 'fanout' || jobs.every(({ data }) => data.step === lastStepOf(this.site.shape))) {
      for (const { data } of jobs) this.site.handle(data.run, data.step);
      await boss.complete(QUEUE, ids);
      return;
    }
    const transaction = await boss.getDb().beginTransaction!();
    await this.sendNext(jobs, { db: transaction.db });
    await boss.complete(QUEUE, ids, null, { db: transaction.db });
    await transaction.commit();
  }

  private async sendNext(jobs: readonly Job<Step>[], options: Parameters<PgBoss['insert']>[2]): Promise<void> {
    const last = lastStepOf(this.site.shape);
    for (const { data } of jobs) this.site.handle(data.run, data.step);
    const next = jobs.filter(({ data }) => data.step < last).map(({ data }) => ({ data: { run: data.run, step: data.step + 1 } }));
    if (next.length > 0) await this.boss!.insert(QUEUE, next, options);
  }

  private async resolve(boss: PgBoss): Promise<void> {
    while (!this.stopping) {
      await boss.resolveFlow();
      await pause(RESOLVE_MS);
    }
  }
}
