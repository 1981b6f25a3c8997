// Keeps one lease for this process if it can, and says at every moment whether it may act on it. Limit: it elects; it never judges whether the former
// leader is dead (only the database's clock does, by the lease's expiry), and records no change of the leader (the monitor sees them all).
//
// Token         Every new holder gets the next number. Whatever a leader writes takes the token along, and SQL checks it in the same transaction
//               (`lease_lost`): a leader that was paused, cut off or fenced cannot write, whatever it believes. So the belief kept here only saves
//               useless calls; safety does not rest on it.
// Trust window  A lease that was acquired or renewed by a call sent at t (this process's monotonic clock) is believed in until t + ttl - margin.
//               The database counts ttl from a later moment, so the belief ends before the lease does; the margin (a tenth) is for clocks that do not
//               run equally fast. After the window token() is null at once, also while a renewal hangs.
// Renewal       Every ttl/3: two may fail before the window closes. An answer of `false` means lost: deposed at once, then a candidate again.
// Candidates    Try every ttl/3, and when the holder's lease expires (plus up to 500 ms, so that they do not all come at once). A process that is
//               killed is replaced within ttl + 0.5 s.
// Failure       A database that does not answer deposes nobody and elects nobody: the window runs out by itself, and attempts go on with backoff. An
//               acquire whose answer was lost is repeated: the same holder gets the same token.
// Stop          Gives the lease up, so that a successor need not wait for the expiry.
import { jittered, LOOP_BACKOFF, type Logger } from '../domain/index.js';
import { Loop, type TickResult } from '../loop/index.js';
import type { LeaseAnswer, LeaseStore } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';

export interface Term {
  lease: string;
  token: number;
  /** Who led before, null for the first; how long nobody did, in ms. */
  former: string | null;
  withoutMs: number | null;
}

export interface ElectorOptions {
  /** Name of the lease, e.g. `scheduler`. */
  lease: string;
  /** Who wants it: the worker's id; asked at every candidacy, since a worker's id can change. */
  holder: string | (() => string);
  /** How long the lease lasts without a renewal. */
  ttlMs: number;
  leases: LeaseStore;
  logger: Logger;
  onElected?: (term: Term) => void;
  /** `reason` is a sentence. Called once per term, when the belief ends, whatever ended it. */
  onDeposed?: (end: { lease: string; token: number; reason: string }) => void;
}

const MARGIN_OF_TTL = 0.1;
const EXPIRY_JITTER_MS = 500;

interface Belief {
  token: number;
  holder: string;
  /** On this process's monotonic clock, ms. */
  untilMs: number;
}

export class Elector {
  private readonly options: ElectorOptions;
  private readonly loop: Loop;
  private belief: Belief | null = null;
  private seen: { holder: string; token: number; expiresAt: Date } | null = null;
  private windowTimer: NodeJS.Timeout | null = null;
  private expiryTimer: NodeJS.Timeout | null = null;

  constructor(options: ElectorOptions) {
    this.options = options;
    const intervalMs = Math.round(options.ttlMs / 3);
    const backoff = { baseMs: Math.min(LOOP_BACKOFF.baseMs, intervalMs), maxMs: Math.min(LOOP_BACKOFF.maxMs, intervalMs) };
    this.loop = new Loop({ name: `elector of ${options.lease}`, intervalMs, backoff, logger: options.logger, tick: () => this.tick() });
  }

  start(): void {
    this.loop.start();
  }

  /** Stops trying and gives the lease up. Never fails: a lease that could not be given up expires. */
  async stop(): Promise<void> {
    await this.loop.stop();
    this.clearTimers();
    const { belief } = this;
    if (belief === null) return;
    this.depose('it stops');
    const { lease, leases, logger } = this.options;
    const released = await leases.release({ name: lease, holder: belief.holder, token: belief.token }).catch(() => false);
    if (released) logEvent(logger, 'lease_released', { lease, token: belief.token });
  }

  /** The token to act with; null while somebody else leads, nobody is known to, or the trust window is over. */
  token(): number | null {
    if (this.belief === null || performance.now() >= this.belief.untilMs) return null;
    return this.belief.token;
  }

  /** The leader as this process last saw it: itself, or whoever refused it the lease. Null before the first answer. */
  leader(): { holder: string; token: number; expiresAt: Date } | null {
    return this.seen;
  }

  /** A call was answered `lease_lost` for `token`: stop believing in it now and stand for election again. Another token changes nothing. */
  lost(token: number): void {
    if (this.belief?.token !== token) return;
    this.depose('the database refused its token');
    this.loop.wake();
  }

  /** The last attempt got an answer, whichever: what readiness asks. */
  get healthy(): boolean {
    return this.loop.healthy;
  }

  private async tick(): Promise<TickResult> {
    return this.belief === null ? this.stand() : this.renew(this.belief);
  }

  private async stand(): Promise<TickResult> {
    const { lease, ttlMs, leases } = this.options;
    const holder = typeof this.options.holder === 'string' ? this.options.holder : this.options.holder();
    const sentAtMs = performance.now();
    const answer = await leases.acquire({ name: lease, holder, ttlMs });
    this.seen = { holder: answer.holder, token: answer.token, expiresAt: answer.expiresAt };
    if (!answer.acquired) {
      this.comeBackAtExpiry(answer.expiresAt);
      return 'idle';
    }
    this.believe(answer, sentAtMs);
    this.elected(answer);
    return 'idle';
  }

  private async renew({ token, holder }: Belief): Promise<TickResult> {
    const { lease, ttlMs, leases } = this.options;
    const sentAtMs = performance.now();
    const renewed = await leases.renew({ name: lease, holder, token, ttlMs });
    if (renewed) {
      // Deposed meanwhile (the window closed, or SQL refused the token): the term is over, the next tick stands anew and gets the same token.
      if (this.belief?.token === token) this.believe({ token, holder }, sentAtMs);
      return this.belief === null ? 'more' : 'idle';
    }
    this.depose('the lease went to somebody else or was fenced');
    return 'more';
  }

  private believe({ token, holder }: Omit<Belief, 'untilMs'>, sentAtMs: number): void {
    const { ttlMs } = this.options;
    const untilMs = sentAtMs + ttlMs * (1 - MARGIN_OF_TTL);
    this.belief = { token, holder, untilMs };
    this.clearTimers();
    this.windowTimer = setTimeout(() => this.depose('its trust window ended without a renewal'), Math.max(0, untilMs - performance.now()));
  }

  private elected({ token, former, withoutMs }: LeaseAnswer): void {
    const { lease, logger, onElected } = this.options;
    logEvent(logger, 'lease_acquired', { lease, token, former, withoutMs });
    onElected?.({ lease, token, former, withoutMs });
  }

  private depose(reason: string): void {
    if (this.belief === null) return;
    const { token } = this.belief;
    this.belief = null;
    this.clearTimers();
    const { lease, logger, onDeposed } = this.options;
    if (reason !== 'it stops') logEvent(logger, 'lease_lost', { lease, token, reason });
    onDeposed?.({ lease, token, reason });
  }

  /** By this machine's clock, which may differ from the database's: then it comes a little early or late, and every ttl/3 anyway. */
  private comeBackAtExpiry(expiresAt: Date): void {
    this.clearTimers();
    const delayMs = expiresAt.getTime() - Date.now() + jittered(EXPIRY_JITTER_MS, Math.random());
    if (delayMs > 0 && delayMs < this.options.ttlMs / 3) this.expiryTimer = setTimeout(() => this.loop.wake(), delayMs);
  }

  private clearTimers(): void {
    if (this.windowTimer !== null) clearTimeout(this.windowTimer);
    if (this.expiryTimer !== null) clearTimeout(this.expiryTimer);
    this.windowTimer = null;
    this.expiryTimer = null;
  }
}
