// Starts of runs, a few at a time, until it is stopped: chains and fans, of handlers that take no time or a little, some of which fail at first.
import { waitFor } from '@singularity-workflow/testkit';
import type { Trial } from '../faults/trial.js';

const OPEN_RUNS_MAX = 300;
const BATCH = 20;
const LIMIT_MS = 120_000;

export class Stream {
  private stopping = false;
  private readonly ended: Promise<void>;

  constructor(private readonly trial: Trial) {
    this.ended = this.run();
    this.ended.catch(() => undefined); // stop() says it
  }

  /** Waits until that many more runs are acknowledged than now. */
  async more(count: number): Promise<void> {
    const { acknowledged } = this.trial;
    const wanted = acknowledged.length + count;
    const isReached = () => this.stopping || acknowledged.length >= wanted;
    await waitFor(isReached, { until: `${Math.round(count)} more runs are acknowledged`, timeoutMs: LIMIT_MS });
  }

  /** Waits until tasks wait in queues, which a server that is lost would take along. */
  async queued(): Promise<void> {
    const count = `select count(*)::int as count from workflow.step_tasks where status = 'queued'`;
    const { db } = this.trial.region;
    await waitFor(async () => (await db.sql<{ count: number }>(count))[0]!.count >= BATCH, { until: `${BATCH} tasks are queued` });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.ended;
  }

  private async run(): Promise<void> {
    try {
      while (!this.stopping) {
        await this.hasRoom();
        const { trial } = this;
        const workflow = trial.random() < 0.7 ? 'e2e-chain' : 'e2e-fan';
        const workMs = trial.random() < 0.5 ? 0 : Math.round(trial.random() * 200);
        await trial.submit(workflow, BATCH, { workMs, failures: trial.random() < 0.1 ? 1 : 0 });
      }
    } finally {
      this.stopping = true;
    }
  }

  /** Enough to do at any time, and not more than the checker can look at. */
  private async hasRoom(): Promise<void> {
    const open = `select count(*)::int as open from workflow.workflow_runs where finished_at is null`;
    const isBelow = async () => (await this.trial.region.db.sql<{ open: number }>(open))[0]!.open < OPEN_RUNS_MAX;
    await waitFor(isBelow, { until: `fewer than ${OPEN_RUNS_MAX} runs are open`, timeoutMs: LIMIT_MS });
  }
}
