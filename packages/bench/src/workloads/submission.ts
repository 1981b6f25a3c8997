// (g): how fast runs are accepted, with nobody executing: one per call from several callers at once, and in the largest batches.
import { msBetween, nowNs } from '../measure/clock.js';
import type { Feeder } from '../peers/peer.js';
import { chain } from '../shape.js';
import { type RoundReport, siteOf, type Stand, type Trial, type Workload } from './workload.js';

const CALLERS = 16;
const BATCH_RUNS = 2_000;
const SHAPE = chain(3);

export const submission: Workload = {
  name: 'submission',
  title: `submissions of 3-step runs: by ${CALLERS} callers one by one, and in batches`,
  shape: SHAPE,
  async open(stand) {
    const site = siteOf({ ...stand, settings: { ...stand.settings, queue: 1 } }, SHAPE);
    return new SubmissionTrial(stand, await stand.peer.feeder(site));
  },
};

class SubmissionTrial implements Trial {
  private nextRun = 0;

  constructor(
    private readonly stand: Stand,
    private readonly feeder: Feeder,
  ) {}

  async warmUp(): Promise<void> {
    await this.round();
  }

  async round(): Promise<RoundReport> {
    const singlesPerSecond = await this.rate(CALLERS, async () => void (await this.feeder.submitOne(this.take(1))));
    const runsPerSecond = await this.rate(1, () => this.feeder.submit({ first: this.take(BATCH_RUNS), count: BATCH_RUNS }), BATCH_RUNS);
    return { metrics: { runsPerSecond, singlesPerSecond }, mistakes: [] };
  }

  close(): Promise<void> {
    return this.feeder.close();
  }

  private take(runs: number): number {
    this.nextRun += runs;
    return this.nextRun - runs;
  }

  /** Runs per second of callers who each repeat `call`, which submits `runs` of them. */
  private async rate(callers: number, call: () => Promise<void>, runs = 1): Promise<number> {
    const limitMs = this.stand.sizes.submissionSeconds * 1_000;
    const fromNs = nowNs();
    let done = 0;
    const caller = async (): Promise<void> => {
      do {
        await call();
        done += runs;
      } while (msBetween(fromNs, nowNs()) < limitMs);
    };
    await Promise.all(Array.from({ length: callers }, caller));
    return (done / msBetween(fromNs, nowNs())) * 1_000;
  }
}
