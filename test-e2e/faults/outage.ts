// How long a region does nothing, as its clients and its tasks see it. Clients submit all the time, each a run of its own, repeated until it is
// acknowledged; the longest time between two that were is what is measured, and the same of tasks that completed.
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../harness/moment.js';
import type { Trial } from './trial.js';

const PROBE_EVERY_MS = 250;
const LIMIT_MS = 120_000;
/** The completion before the first of these is the beginning. */
const LONGEST_GAP = `
  select (extract(epoch from max(gap)) * 1000)::int as ms
    from (select finished_at - lag(finished_at, 1, $1::timestamptz) over (order by finished_at) as gap
            from workflow.step_tasks where status = 'completed' and finished_at > $1) x`;

export class Outage {
  private readonly beganAt = moment();
  /** As the database's clock has it, which is the machine's. */
  private readonly began = new Date();
  private readonly rebuilds: number;
  private readonly acknowledgedAt: number[] = [];
  private readonly probing: Promise<void>;
  private stopping = false;

  constructor(
    private readonly trial: Trial,
    private readonly name: string,
  ) {
    this.rebuilds = this.rebuiltSoFar();
    this.probing = this.probe();
    this.probing.catch(() => undefined); // over() says it
  }

  /** This came about now. */
  seen(what: string): void {
    this.trial.measured(`${this.name}: ${what}`, moment() - this.beganAt);
  }

  /** Waits until the queues are rebuilt and from then on a run is acknowledged and a task completed, and measures. */
  async over(): Promise<void> {
    const { trial, name, beganAt } = this;
    await this.rebuilt();
    const rebuiltAt = moment();
    const since = new Date();
    await waitFor(() => this.acknowledgedAt.some((at) => at > rebuiltAt), { until: 'a run is acknowledged', timeoutMs: LIMIT_MS });
    await this.completedSince(since);
    this.stopping = true;
    await this.probing;
    const points = [beganAt, ...this.acknowledgedAt.toSorted((a, b) => a - b)];
    trial.measured(`${name}: no acknowledged run`, Math.max(...points.slice(1).map((at, k) => at - points[k]!)));
    const [gap] = await trial.region.db.sql<{ ms: number }>(LONGEST_GAP, [this.began]);
    trial.measured(`${name}: no completed task`, gap!.ms);
  }

  private async probe(): Promise<void> {
    const sent: Promise<unknown>[] = [];
    const send = async (): Promise<void> => {
      await this.trial.submit('e2e-chain', 1);
      this.acknowledgedAt.push(moment());
    };
    const next = (): boolean => this.stopping || (sent.push(send()), false);
    await waitFor(next, { until: 'the probes are stopped', timeoutMs: 2 * LIMIT_MS, everyMs: PROBE_EVERY_MS });
    await Promise.all(sent);
  }

  private async completedSince(since: Date): Promise<void> {
    const look = `select exists (select from workflow.step_tasks where status = 'completed' and finished_at > $1) as any`;
    const isSo = async () => (await this.trial.region.db.sql<{ any: boolean }>(look, [since]))[0]!.any;
    await waitFor(isSo, { until: 'a task is completed', timeoutMs: LIMIT_MS, everyMs: 50 });
  }

  private async rebuilt(): Promise<void> {
    const isDone = () => this.rebuiltSoFar() > this.rebuilds;
    await waitFor(isDone, { until: 'the queues are rebuilt', timeoutMs: LIMIT_MS, everyMs: 50 });
    this.seen('queues rebuilt');
  }

  private rebuiltSoFar(): number {
    return this.trial.region.of('scheduler').reduce((sum, scheduler) => sum + scheduler.events('queues_rebuilt').length, 0);
  }
}
