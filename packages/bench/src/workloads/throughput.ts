// Steps per second of runs that were all submitted before the clock starts. The clock runs from the first call of a handler, in any worker
// process, to the moment at which the database shows every run as finished. Waiting, claiming, running no-op handlers and recording is in it;
// submission is not (see `submission`). Then every handler call and every output is checked.
import { type CostOfWork, costPerStep, readInstant, readTotals } from '../measure/counters.js';
import { msBetween, nowNs, until } from '../measure/clock.js';
import { Sql } from '../database.js';
import type { PeerClient } from '../peers/peer.js';
import { type Shape, stepsOf } from '../shape.js';
import { WorkerGroup } from '../worker/group.js';
import type { WorkloadName } from './names.js';
import { type RoundReport, siteOf, type Stand, type Trial, type Workload } from './workload.js';

const LOOK_EVERY_MS = 3;
const FINISH_LIMIT_MS = 60_000;
const WARM_SECONDS = 0.3;

export interface ThroughputOptions {
  readonly name: WorkloadName;
  readonly title: string;
  readonly shape: Shape;
  /** Between submission and the first round: a history, a transaction that stays open. Answers what to undo at the end. */
  readonly burden?: (trial: { client: PeerClient; sql: Sql; stand: Stand }) => Promise<() => Promise<void>>;
}

export function throughput(options: ThroughputOptions): Workload {
  const { name, title, shape } = options;
  return { name, title, shape, open: (stand) => ThroughputTrial.open(stand, options) };
}

class ThroughputTrial implements Trial {
  private nextRun = 0;
  private stepsPerSecond = 0;
  private lift: () => Promise<void> = () => Promise.resolve();
  private readonly sql: Sql;

  private constructor(
    private readonly stand: Stand,
    private readonly shape: Shape,
    private readonly client: PeerClient,
    private readonly workers: WorkerGroup,
  ) {
    this.sql = new Sql(stand.url);
  }

  static async open(stand: Stand, { shape, burden }: ThroughputOptions): Promise<Trial> {
    const client = await stand.peer.client(siteOf(stand, shape));
    const workers = await WorkerGroup.launch(stand.peer.name, { ...siteOf(stand, shape), url: client.workerUrl });
    const trial = new ThroughputTrial(stand, shape, client, workers);
    try {
      await trial.measure(trial.runsOf(stand.sizes.warmupSteps));
      if (stand.sizes.seconds > 0) await trial.measure(trial.runsOf(trial.stepsPerSecond * WARM_SECONDS));
      if (burden) trial.lift = await burden({ client, sql: trial.sql, stand });
      return trial;
    } catch (error) {
      await trial.close();
      throw error;
    }
  }

  round(): Promise<RoundReport> {
    return this.measure(this.runsOf(this.stepsPerSecond * this.stand.sizes.seconds));
  }

  async close(): Promise<void> {
    await this.lift();
    await Promise.all([this.workers.close(), this.client.close(), this.sql.close()]);
  }

  private runsOf(steps: number): number {
    const { warmupSteps, stepsMax } = this.stand.sizes;
    return Math.max(1, Math.round(Math.min(Math.max(steps, warmupSteps), stepsMax) / stepsOf(this.shape)));
  }

  private async measure(count: number): Promise<RoundReport> {
    const { client, workers, sql, stand } = this;
    const range = { first: this.nextRun, count };
    this.nextRun += count;
    await client.expect(range);
    await client.submit(range);
    await sql.run('analyze');

    const totals = await readTotals(sql);
    const from = { ...(await readInstant(sql, stand.postmasterPid)), ...totals };
    await workers.begin(range);
    const endNs = await this.finished(count);
    const to = await readInstant(sql, stand.postmasterPid);
    const ms = msBetween(workers.firstCallNs!, endNs);
    const ended = await workers.end();
    const mistakes = [...ended.mistakes, ...(await client.check())];

    const cost = { from, to: { ...to, ...(await readTotals(sql)) }, nodeCpuMs: ended.cpuMs, steps: count * stepsOf(this.shape) };
    return { metrics: this.metricsOf(ms, count, cost), mistakes };
  }

  /** All handlers were called, then the database shows all runs as finished. */
  private async finished(count: number): Promise<bigint> {
    const { workers, client } = this;
    const calls = count * stepsOf(this.shape);
    let endNs = 0n;
    const isSo = async (): Promise<boolean> => {
      workers.assertHealthy();
      if (workers.calls < calls || (await client.unfinished()) > 0) return false;
      endNs = nowNs();
      return true;
    };
    await until(`${this.stand.peer.label} finishes ${count} runs`, isSo, { everyMs: LOOK_EVERY_MS, limitMs: FINISH_LIMIT_MS });
    return endNs;
  }

  private metricsOf(ms: number, count: number, cost: CostOfWork): RoundReport['metrics'] {
    this.stepsPerSecond = (cost.steps / ms) * 1_000;
    return { stepsPerSecond: this.stepsPerSecond, runsPerSecond: (count / ms) * 1_000, runs: count, ...costPerStep(cost) };
  }
}
