// Steps per second of runs that were all submitted before the clock starts. The clock runs from the first call of a handler, in any worker
// process, to the moment at which the database shows every run as finished. Waiting, claiming, running no-op handlers and recording is in it;
// submission is not (see `submission`). Then every handler call and every output is checked.
import { Sql } from '../database.js';
import { msBetween, nowNs, until } from '../measure/clock.js';
import { coresUsed, costPerStep, readBackends, readInstant, readTotals } from '../measure/counters.js';
import type { Round } from '../measure/statistics.js';
import type { Looker, Range } from '../peers/peer.js';
import { type Shape, stepsOf } from '../shape.js';
import type { WorkerGroup } from '../worker/group.js';
import type { WorkloadName } from './names.js';
import { launchWorkers, type RoundReport, siteOf, type Stand, type Trial, type Workload } from './workload.js';

const LOOK_EVERY_MS = 3;
const FINISH_LIMIT_MS = 60_000;
const WARM_ROUNDS_MAX = 6;
const WARM_GROWTH = 3;
const WARM_GAIN = 1.25;
/** In rounds: a peer that takes longer for its warm-up has as many runs as it can use. */
const WARM_LONG = 1;

export interface ThroughputOptions {
  readonly name: WorkloadName;
  readonly title: string;
  readonly shape: Shape;
  /** Laid on the database after the warm-up: a history. Answers what every round tells of it. */
  readonly burden?: (looker: Looker, sql: Sql, stand: Stand) => Promise<Round>;
  /** After the rounds, more rounds with something besides. Answers how to lift it at the end. */
  readonly sequel?: { readonly name: WorkloadName; readonly title: string; readonly begin: (stand: Stand) => Promise<() => Promise<void>> };
  readonly entrants?: Workload['entrants'];
}

export function throughput(options: ThroughputOptions): Workload {
  const { name, title, shape, sequel, entrants } = options;
  const open = (stand: Stand): Promise<Trial> => ThroughputTrial.open(stand, options);
  return { name, title, shape, open, ...(sequel && { sequel }), ...(entrants && { entrants }) };
}

class ThroughputTrial implements Trial {
  private readonly shape: Shape;
  private readonly looker: Looker;
  private nextRun = 0;
  private stepsPerSecond = 0;
  private lastMs = 0;
  /** Of warm-up and rounds, not reported yet. */
  private readonly mistakes: string[] = [];
  private burden: Round = {};
  private lift: () => Promise<void> = () => Promise.resolve();

  private constructor(
    private readonly stand: Stand,
    private readonly options: ThroughputOptions,
    private readonly workers: WorkerGroup,
    private readonly sql: Sql,
  ) {
    this.shape = options.shape;
    this.looker = stand.peer.looker(sql, options.shape, stand.tenants);
  }

  static async open(stand: Stand, options: ThroughputOptions): Promise<Trial> {
    return new ThroughputTrial(stand, options, await launchWorkers(stand, options.shape), new Sql(stand.url));
  }

  async warmUp(): Promise<void> {
    const { burden } = this.options;
    if (this.stand.sizes.seconds > 0) await this.findPace();
    else if (burden) await this.measure(this.runsOf(0)); // a history needs a run to copy
    if (burden) this.burden = await burden(this.looker, this.sql, this.stand);
  }

  async round(): Promise<RoundReport> {
    const metrics = await this.measure(this.runsOf(this.stepsPerSecond * this.stand.sizes.seconds));
    return { metrics: { ...metrics, ...this.burden }, mistakes: this.mistakes.splice(0) };
  }

  async beginSequel(): Promise<void> {
    if (this.options.sequel) this.lift = await this.options.sequel.begin(this.stand);
  }

  /**
   * Rounds that do not count, each of more runs than the one before, until that makes it no faster: with few runs at once an engine that works in
   * batches is slower than it is.
   */
  private async findPace(): Promise<void> {
    const { warmupSteps, seconds } = this.stand.sizes;
    let runs = this.runsOf(warmupSteps);
    await this.measure(runs);
    for (let rounds = 1, before = 0; rounds < WARM_ROUNDS_MAX; rounds += 1) {
      if (this.stepsPerSecond < before * WARM_GAIN || this.lastMs > WARM_LONG * seconds * 1_000) return;
      before = this.stepsPerSecond;
      runs = Math.max(runs * WARM_GROWTH, this.runsOf(before * seconds));
      await this.measure(runs);
    }
  }

  async close(): Promise<void> {
    await this.lift();
    await Promise.all([this.workers.close(), this.sql.close()]);
  }

  private runsOf(steps: number): number {
    const { warmupSteps, stepsMax } = this.stand.sizes;
    return Math.max(1, Math.round(Math.min(Math.max(steps, warmupSteps), stepsMax) / stepsOf(this.shape)));
  }

  private async measure(count: number): Promise<Round> {
    const { looker, workers, sql, stand } = this;
    const range = { first: this.nextRun, count };
    this.nextRun += count;
    await this.submit(range);
    const totals = await readTotals(sql);
    const from = { ...(await readInstant(sql, stand.postmasterPid)), ...totals };
    await workers.begin(range);
    const endNs = await this.finished(count);
    const instant = await readInstant(sql, stand.postmasterPid);
    const backends = await readBackends(sql);
    const ms = msBetween(workers.firstCallNs!, endNs);
    const { mistakes, cpuMs, counters } = await workers.end();
    const to = { ...instant, ...(await readTotals(sql)) };
    this.mistakes.push(...mistakes, ...(await looker.check()));
    const steps = count * stepsOf(this.shape);
    this.lastMs = ms;
    this.stepsPerSecond = (steps / ms) * 1_000;
    return {
      stepsPerSecond: this.stepsPerSecond,
      runsPerSecond: (count / ms) * 1_000,
      runs: count,
      ...costPerStep({ from, to, nodeCpuMs: cpuMs, steps, counters }),
      ...coresUsed(from, to, { node: cpuMs }),
      ...backends,
      processMiB: workers.peakMiB,
    };
  }

  /** Whoever submitted has hung up afterwards, and the planner knows what is there. */
  private async submit(range: Range): Promise<void> {
    const { looker, sql, stand, shape } = this;
    await looker.expect(range);
    const feeder = await stand.peer.feeder(siteOf(stand, shape));
    await feeder.submit(range);
    await feeder.close();
    await sql.analyze();
  }

  /** All handlers were called, then the database shows all runs as finished. */
  private async finished(count: number): Promise<bigint> {
    const { workers, looker } = this;
    const calls = count * stepsOf(this.shape);
    let endNs = 0n;
    const isSo = async (): Promise<boolean> => {
      workers.assertHealthy();
      if (workers.calls < calls || workers.pending > 0 || (await looker.unfinished()) > 0) return false;
      endNs = nowNs();
      return true;
    };
    await until(`${this.stand.peer.label} finishes ${count} runs`, isSo, { everyMs: LOOK_EVERY_MS, limitMs: FINISH_LIMIT_MS });
    return endNs;
  }
}
