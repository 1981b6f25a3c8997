// What a leader does again and again, and nobody else: loops that tick only while this process holds the lease. A standby's ticks do nothing and
// ask nothing; whoever is elected begins at once.
//
// Every duty acts with the token of the term, which each function that it calls checks in its own transaction. A duty that is told `lease_lost`
// ends the term at once, for all of them.
import { isWorkflowError, type Logger } from '../domain/index.js';
import { Loop, type TickResult } from '../loop/index.js';
import type { LeaseStore } from '../store/index.js';
import { Elector, type Term } from './elector.js';

export interface Duty {
  /** As it stands in the log. */
  readonly name: string;
  readonly intervalMs: number;
  /** One round. `more`: it came back full, so there is more to do at once. */
  tick(token: number, signal: AbortSignal): Promise<TickResult>;
  /** Told once, before the first round, how to begin the next one now. */
  wakeable?(wake: () => void): void;
  /** Called instead of `tick` while somebody else leads: forget what only a leader may show. May come again and again. */
  standBy?(): void;
}

export interface LeaderDutiesOptions {
  readonly lease: string;
  /** The worker id of this process; asked at every candidacy, since it can change. */
  readonly holder: string | (() => string);
  readonly ttlMs: number;
  readonly leases: LeaseStore;
  readonly duties: readonly Duty[];
  readonly logger: Logger;
  readonly onElected?: (term: Term) => void;
  /** A duty may still be in its last round. */
  readonly onDeposed?: () => void;
}

export class LeaderDuties {
  private readonly lease: string;
  private readonly elector: Elector;
  private readonly loops: readonly Loop[];

  constructor({ lease, holder, ttlMs, leases, duties, logger, onElected, onDeposed }: LeaderDutiesOptions) {
    this.lease = lease;
    this.elector = new Elector({
      lease,
      holder,
      ttlMs,
      leases,
      logger,
      onElected: (term) => {
        onElected?.(term);
        for (const loop of this.loops) loop.wake();
      },
      onDeposed: () => {
        onDeposed?.();
        for (const loop of this.loops) loop.wake();
      },
    });
    this.loops = duties.map((duty) => this.loopOf(duty, logger));
  }

  start(): void {
    this.elector.start();
    for (const loop of this.loops) loop.start();
  }

  /** The duties end first: nothing of ours may still run when the lease is free for others. */
  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.elector.stop();
  }

  /** The token to act with; null for a standby. */
  token(): number | null {
    return this.elector.token();
  }

  /** Why this process could not do its job now, be it as leader or as standby: a sentence; null when it could. */
  notReady(): string | null {
    if (!this.elector.healthy) return `the database has not said lately who holds the lease ${this.lease}`;
    const failing = this.loops.filter((loop) => !loop.healthy).map(({ name }) => name);
    return failing.length === 0 ? null : `did not succeed the last time: ${failing.join(', ')}`;
  }

  /** For the health report: what this process is, and who led when it looked last. */
  details(): { state: 'leader' | 'standby'; holder: string | null; token: number | null } {
    const { holder, token } = this.elector.leader() ?? { holder: null, token: null };
    return { state: this.token() === null ? 'standby' : 'leader', holder, token };
  }

  private loopOf(duty: Duty, logger: Logger): Loop {
    const loop = new Loop({
      name: duty.name,
      intervalMs: duty.intervalMs,
      logger,
      tick: async (signal) => {
        const token = this.elector.token();
        if (token === null) {
          duty.standBy?.();
          return 'idle';
        }
        try {
          return await duty.tick(token, signal);
        } catch (error) {
          if (!isWorkflowError(error, 'lease_lost')) throw error;
          this.elector.lost(token);
          return 'idle';
        }
      },
    });
    duty.wakeable?.(() => loop.wake());
    return loop;
  }
}
