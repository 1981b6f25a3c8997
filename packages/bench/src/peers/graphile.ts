// graphile-worker, a job queue: plain (its defaults but for concurrency) and batched (local queue and batched completion, as its performance
// page has them). It has no steps: a chain is a job that adds the next one, which is two transactions (`addJob`, then the job's completion).
import { Logger, type Runner, run as runWorker, runMigrations, makeWorkerUtils, type WorkerUtils } from 'graphile-worker';
import type { Sql } from '../database.js';
import { lastStepOf } from '../shape.js';
import { batchesOf, inLanes } from './batches.js';
import {
  type Feeder,
  type Looker,
  type Peer,
  type PeerWorker,
  type Range,
  setting,
  type Settings,
  type Site,
  type WorkerSite,
} from './peer.js';

const TASK = 'step';
const BATCH = 10_000;
const LANES = 2;
const CALLERS_MAX = 16;

const asJobs = 'no workflows: each job adds the next, in a transaction of its own';
const takesPart: Peer['takesPart'] = {
  chain1: 'a job',
  chain3: asJobs,
  chain10: asJobs,
  latency: 'a job',
  latency3: asJobs,
  history: `${asJobs}; finished jobs are deleted, so there is no history`,
  submission: 'the first job of each run',
};
const shared = {
  packageName: 'graphile-worker',
  idleSettings: { workers: 1 },
  startsWhereItRuns: false,
  takesPart,
  install: (adminUrl: string): Promise<void> => runMigrations({ connectionString: adminUrl, logger: quiet }),
  feeder: async ({ url }: Site): Promise<Feeder> =>
    new GraphileFeeder(await makeWorkerUtils({ preset: { worker: { connectionString: url, logger: quiet, maxPoolSize: CALLERS_MAX } } })),
  looker: (sql: Sql): Looker => new GraphileLooker(sql),
  worker: (site: WorkerSite): PeerWorker => new GraphileWorker(site),
};

const nothing = (): void => undefined;
const quiet = new Logger(() => (level, message) => (level === 'error' || level === 'warning' ? console.error(message) : nothing()));

const plain = (workers: number, concurrency: number): Settings => ({ workers, concurrency, localQueue: -1, completeDelayMs: -1 });
const batched = (workers: number, concurrency: number, localQueue: number): Settings => ({
  workers,
  concurrency,
  localQueue,
  completeDelayMs: 0,
});

export const graphile: Peer = {
  ...shared,
  name: 'graphile',
  label: 'graphile-worker, plain',
  settings: plain(1, 10),
  candidates: [plain(1, 4), plain(1, 10), plain(1, 24), plain(2, 5), plain(2, 10), plain(2, 24)],
};

export const graphileBatched: Peer = {
  ...shared,
  name: 'graphileBatched',
  label: 'graphile-worker, batched',
  settings: batched(2, 24, 2_000),
  candidates: [
    batched(1, 24, 500),
    batched(2, 24, 500),
    batched(4, 24, 500),
    batched(1, 24, 2_000),
    batched(2, 24, 2_000),
    batched(1, 200, 2_000),
  ],
};

class GraphileFeeder implements Feeder {
  constructor(private readonly utils: WorkerUtils) {}

  async submit(range: Range): Promise<void> {
    await inLanes(batchesOf(range, BATCH), LANES, async (runs) => {
      await this.utils.addJobs(runs.map((run) => ({ identifier: TASK, payload: { run, step: 0 } })));
    });
  }

  async submitOne(run: number): Promise<string> {
    await this.utils.addJob(TASK, { run, step: 0 });
    return String(run);
  }

  async close(): Promise<void> {
    await this.utils.release();
  }
}

/** Nothing is kept of finished jobs: that none is left, and what the handlers counted, is all there is to see. */
class GraphileLooker implements Looker {
  private expected = 0;

  constructor(private readonly sql: Sql) {}

  expect({ count }: Range): Promise<void> {
    this.expected = count;
    return Promise.resolve();
  }

  /** The last job of a run is gone; one run at a time is under way when this is asked. */
  async isDone(): Promise<boolean> {
    return (await this.unfinished()) === 0;
  }

  unfinished(): Promise<number> {
    return this.sql.number('select count(*) from graphile_worker._private_jobs');
  }

  async check(): Promise<string[]> {
    const left = await this.unfinished();
    return left === 0 ? [] : [`${left} jobs of ${this.expected} runs are left`];
  }

  fillHistory(): Promise<void> {
    return Promise.resolve();
  }
}

class GraphileWorker implements PeerWorker {
  private runner: Runner | null = null;

  constructor(private readonly site: WorkerSite) {}

  async start(): Promise<void> {
    const { shape, handle, settings, url } = this.site;
    const concurrency = setting(settings, 'concurrency');
    const completeDelayMs = setting(settings, 'completeDelayMs');
    const last = lastStepOf(shape);
    this.runner = await runWorker({
      preset: {
        worker: {
          connectionString: url,
          logger: quiet,
          concurrentJobs: concurrency,
          maxPoolSize: Math.min(concurrency + 1, 25),
          localQueue: { size: setting(settings, 'localQueue') },
          completeJobBatchDelay: completeDelayMs,
          failJobBatchDelay: completeDelayMs,
        },
      },
      noHandleSignals: true,
      taskList: {
        [TASK]: async (payload, helpers) => {
          const { run, step } = payload as { run: number; step: number };
          handle(run, step);
          if (step < last) await helpers.addJob(TASK, { run, step: step + 1 });
        },
      },
    });
  }

  async stop(): Promise<void> {
    await this.runner?.stop();
    this.runner = null;
  }
}
