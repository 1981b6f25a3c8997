// (e): single submissions on an idle system, one after the other: how long until the handler of the first step is called (in another process,
// for all but those that start runs where they run them), and how long until the database shows the run as finished to somebody who looks
// every millisecond.
import { Sql } from '../database.js';
import { msBetween, nowNs, pause, until } from '../measure/clock.js';
import { percentile } from '../measure/statistics.js';
import type { Feeder, Looker } from '../peers/peer.js';
import { chain, type Shape, stepsOf } from '../shape.js';
import type { CallListener, Submitted, WorkerGroup } from '../worker/group.js';
import type { WorkloadName } from './names.js';
import { launchWorkers, type RoundReport, siteOf, type Stand, type Trial, type Workload } from './workload.js';

const LOOK_EVERY_MS = 1;
const SAMPLE_LIMIT_MS = 20_000;
const WARM_SAMPLES = 10;
/** Between two submissions: idle means that nothing of the one before goes on, and that polls have no rhythm to fall in with. */
const GAP_MS = { least: 5, more: 15 };

interface Sample {
  readonly toHandlerMs: number;
  readonly toResultMs: number;
}

const latencyOf = (name: WorkloadName, title: string, shape: Shape): Workload => ({
  name,
  title,
  shape,
  open: (stand) => LatencyTrial.open({ ...stand, settings: { ...stand.settings, ...stand.peer.idleSettings } }, shape),
});

export const latency = latencyOf('latency', 'idle system, 1-step runs', chain(1));
export const latency3 = latencyOf('latency3', 'idle system, 3-step runs', chain(3));

class LatencyTrial implements Trial {
  private readonly looker: Looker;
  private nextRun = 0;

  private constructor(
    private readonly stand: Stand,
    private readonly shape: Shape,
    private readonly workers: WorkerGroup,
    private readonly feeder: Feeder,
    private readonly sql: Sql,
  ) {
    this.looker = stand.peer.looker(sql, shape);
  }

  static async open(stand: Stand, shape: Shape): Promise<Trial> {
    const feeder = await stand.peer.feeder(siteOf(stand, shape));
    return new LatencyTrial(stand, shape, await launchWorkers(stand, shape), feeder, new Sql(stand.url));
  }

  /** Each round begins with samples that do not count. */
  warmUp(): Promise<void> {
    return Promise.resolve();
  }

  async round(): Promise<RoundReport> {
    const { workers, looker, stand } = this;
    const wanted = stand.sizes.latencySamples;
    const warm = Math.min(WARM_SAMPLES, wanted);
    const range = { first: this.nextRun, count: warm + wanted };
    this.nextRun += range.count;
    const calls = new Map<number, bigint>();
    const onCall: CallListener = (run, step, atNs) => void (step === 0 && calls.set(run, atNs));
    await looker.expect(range);
    await workers.begin(range, onCall);
    const samples: Sample[] = [];
    for (let run = range.first; run < range.first + range.count; run += 1) {
      samples.push(await this.sample(run, calls));
      await pause(GAP_MS.least + Math.random() * GAP_MS.more);
    }
    const { mistakes } = await workers.end();
    return { metrics: metricsOf(samples.slice(warm)), mistakes: [...mistakes, ...(await looker.check())] };
  }

  async close(): Promise<void> {
    await Promise.all([this.workers.close(), this.feeder.close(), this.sql.close()]);
  }

  private async sample(run: number, calls: ReadonlyMap<number, bigint>): Promise<Sample> {
    const { fromNs, handle } = await this.submit(run);
    let resultNs = 0n;
    const isDone = async (): Promise<boolean> => {
      this.workers.assertHealthy();
      if (!(await this.looker.isDone(handle))) return false;
      resultNs ||= nowNs();
      return calls.has(run);
    };
    await until(`run ${run} of ${stepsOf(this.shape)} steps is done`, isDone, { everyMs: LOOK_EVERY_MS, limitMs: SAMPLE_LIMIT_MS });
    return { toHandlerMs: msBetween(fromNs, calls.get(run)!), toResultMs: msBetween(fromNs, resultNs) };
  }

  private async submit(run: number): Promise<Submitted> {
    if (this.stand.peer.startsWhereItRuns) return this.workers.submitOne(run);
    const fromNs = nowNs();
    return { fromNs, handle: await this.feeder.submitOne(run) };
  }
}

function metricsOf(samples: readonly Sample[]): RoundReport['metrics'] {
  const handler = samples.map(({ toHandlerMs }) => toHandlerMs);
  const result = samples.map(({ toResultMs }) => toResultMs);
  return {
    p50Ms: percentile(handler, 50),
    p99Ms: percentile(handler, 99),
    resultP50Ms: percentile(result, 50),
    resultP99Ms: percentile(result, 99),
  };
}
