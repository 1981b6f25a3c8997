// How old the replica is, as it said last: looked at every LOOK_MS, for an answer must not wait for the question. What was known stays true: a replica
// only gets newer, so while it cannot be asked its last word is kept, and grows older.
// Events: replica_known, replica_unknown.
import { logEvent, type Logger, Loop, type Metrics, type ReplicaReader, type ReplicaSeen } from '@singularity-workflow/core';

const LOOK_MS = 250;

export interface ReplicaWatchParts {
  readonly reader: Pick<ReplicaReader, 'look'>;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'replicaLagSeconds'>;
  /** Milliseconds that only grow. */
  readonly nowMs?: () => number;
}

export class ReplicaWatch {
  private readonly loop: Loop;
  private readonly nowMs: () => number;
  private seen: ReplicaSeen | null = null;
  private seenAtMs = 0;
  private known: Date | null = null;
  private told: boolean | null = null;

  constructor(private readonly parts: ReplicaWatchParts) {
    this.nowMs = parts.nowMs ?? (() => performance.now());
    this.loop = new Loop({ name: 'replica-watch', intervalMs: LOOK_MS, logger: parts.logger, tick: () => this.tick() });
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** The replica has everything that was committed at the primary before; null: that is not known. */
  get asOf(): Date | null {
    return this.known;
  }

  /** By the clock of the replica's server, never below 0; null: not known. */
  get lagMs(): number | null {
    if (this.seen === null || this.known === null) return null;
    return Math.max(0, Math.round(this.seen.now.getTime() + (this.nowMs() - this.seenAtMs) - this.known.getTime()));
  }

  /** Where the primary's services are; null: not known. */
  get region(): string | null {
    return this.seen?.region ?? null;
  }

  /** Why reads cannot be answered by the replica; null when they can. */
  notReady(): string | null {
    if (this.known !== null) return null;
    return this.seen?.copying === true ? 'the replica is still being copied' : 'how old the replica is cannot be said yet';
  }

  /** Sentences that degrade: it is read all the same. */
  problems(lagMsMax: number): string[] {
    const { lagMs, seen } = this;
    const why = seen?.paused === true ? ': its replay is paused' : '';
    return lagMs !== null && lagMs > lagMsMax ? [`the replica is ${lagMs} ms behind${why}`] : [];
  }

  details(): Record<string, unknown> {
    const { kind = null, paused = null, subscriptions = [] } = this.seen ?? {};
    return { kind, region: this.region, as_of: this.known, lag_ms: this.lagMs, paused, subscriptions };
  }

  /** One look; the loop's tick. */
  async tick(): Promise<'idle'> {
    try {
      this.take(await this.parts.reader.look());
    } finally {
      this.parts.metrics.replicaLagSeconds.set((this.lagMs ?? 0) / 1_000);
    }
    return 'idle';
  }

  private take(seen: ReplicaSeen): void {
    this.seen = seen;
    this.seenAtMs = this.nowMs();
    if (seen.asOf === null) {
      if (seen.copying) this.known = null; // begun anew
    } else this.known = seen.asOf;
    this.tell(seen);
  }

  private tell({ kind, region }: ReplicaSeen): void {
    const isKnown = this.known !== null;
    if (isKnown === this.told) return;
    this.told = isKnown;
    if (isKnown) logEvent(this.parts.logger, 'replica_known', { kind, region, lagMs: this.lagMs ?? 0 });
    else logEvent(this.parts.logger, 'replica_unknown', { reason: this.notReady() ?? '' });
  }
}
