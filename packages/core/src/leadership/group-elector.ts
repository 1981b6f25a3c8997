// Keeps the lease of the orchestrators for the group of this process, if it can (active-passive), and says at every moment whether this process may
// claim. Who may lead, who goes first and when a leader is gone is decided in SQL (lead_group, why_not_stand); this asks, believes and gives way.
//
// Token         As in elector.ts. All workers of the group use the same one; every claim takes it along, and SQL refuses an old one.
// Trust window  An answer to a call sent at t (monotonic) is believed in until t + what was left of the lease - a tenth of its length.
// Asking        Every half second (a sixth of a short lease): that is also how a standby finds the end of a lease, and how a leader learns that it shall
//               hand over. Renewals are SQL's business, every third of the lease.
// Standing      For how long answers have come without a gap goes along: who had none for a while has not seen the leader fail.
// Hand-over     token() is null at once; onHandOver says how long what runs may take. SQL passes the lease on when nothing runs any more.
// Failure       A database that does not answer deposes nobody and elects nobody: the window runs out by itself.
// Events: leadership_gained, leadership_lost, hand_over_asked.
import { isWorkflowError, type Logger } from '../domain/index.js';
import { Loop, type TickResult } from '../loop/index.js';
import type { LeadAnswer, OrchestratorStore } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';

export interface GroupElectorOptions {
  group: string;
  /** Asked each time, since a worker's id can change. */
  workerId: () => string;
  ttlMs: number;
  orchestrators: OrchestratorStore;
  logger: Logger;
  /** `holder`: this process is the one of its group that renews. Called when either changes. */
  onChange?: (state: { leads: boolean; holder: boolean }) => void;
  /** Called with every answer that says so, until it is over: `drainMs` is what is left; at 0 give back what still runs. */
  onHandOver?: (drainMs: number) => void;
}

export interface GroupLeadership {
  group: string;
  state: 'leader' | 'standby' | 'handing over';
  /** The group that led when this process looked last. */
  leader: string | null;
  token: number | null;
  /** Why this group does not lead, where somebody could. */
  reason: string | null;
}

/** In order, and told when it was asked. */
const HANDS_OVER = 'it hands over';
const ASK_MS = 500;
const GAP_MS = 3_000;
const MARGIN_OF_TTL = 0.1;

export class GroupElector {
  private readonly options: GroupElectorOptions;
  private readonly loop: Loop;
  private belief: { token: number; untilMs: number } | null = null;
  private answer: LeadAnswer | null = null;
  private shown = { leads: false, holder: false };
  private windowTimer: NodeJS.Timeout | undefined;
  private standingSinceMs = 0;
  private answeredAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: GroupElectorOptions) {
    this.options = options;
    const intervalMs = Math.min(ASK_MS, Math.round(options.ttlMs / 6));
    const backoff = { baseMs: Math.min(100, intervalMs), maxMs: intervalMs };
    this.loop = new Loop({ name: 'group elector', intervalMs, backoff, logger: options.logger, tick: () => this.tick() });
  }

  /** The worker must be registered with its group. */
  start(): void {
    this.loop.start();
  }

  /** Asks no more. The lease is given up by stop_worker, where this was the last worker of the group. */
  async stop(): Promise<void> {
    await this.loop.stop();
    this.disbelieve('it stops');
  }

  /** The token to claim with; null while this group does not lead or hands over, or the trust window is over. */
  token(): number | null {
    if (this.belief === null || performance.now() >= this.belief.untilMs) return null;
    return this.belief.token;
  }

  /** A claim with this token was refused: ask at once. */
  lost(token: number): void {
    if (this.belief?.token !== token) return;
    this.disbelieve('the database refused its token');
    this.loop.wake();
  }

  /** Its last question was answered, whichever way: what readiness asks. */
  get healthy(): boolean {
    return this.loop.healthy;
  }

  details(): GroupLeadership {
    const { group } = this.options;
    const token = this.token();
    const state = token !== null ? 'leader' : this.answer?.handsOver === true ? 'handing over' : 'standby';
    return {
      group,
      state,
      leader: this.answer?.leader ?? null,
      token: token ?? this.answer?.token ?? null,
      reason: this.answer?.reason ?? null,
    };
  }

  private async tick(): Promise<TickResult> {
    const { workerId, ttlMs, orchestrators } = this.options;
    const sentAtMs = performance.now();
    if (sentAtMs - this.answeredAtMs > GAP_MS) this.standingSinceMs = sentAtMs;
    const askedAs = workerId();
    try {
      const answer = await orchestrators.lead({ workerId: askedAs, ttlMs, standingMs: Math.round(sentAtMs - this.standingSinceMs) });
      this.answeredAtMs = performance.now();
      if (this.answeredAtMs - sentAtMs > GAP_MS) this.standingSinceMs = this.answeredAtMs;
      this.heard(answer, sentAtMs, askedAs);
    } catch (error) {
      if (!isWorkflowError(error, 'worker_unknown')) throw error;
      this.disbelieve('its worker was judged dead'); // it registers anew, and asks under its new id
    }
    return 'idle';
  }

  private heard(answer: LeadAnswer, sentAtMs: number, askedAs: string): void {
    const { onHandOver, group, logger, ttlMs } = this.options;
    const askedBefore = this.answer?.handsOver === true;
    this.answer = answer;
    if (answer.leads) {
      this.believe(answer.token, sentAtMs + answer.leftMs - ttlMs * MARGIN_OF_TTL, answer.holder === askedAs);
      return;
    }
    const drainMs = answer.drainMs ?? 0;
    if (answer.handsOver && !askedBefore) logEvent(logger, 'hand_over_asked', { group, drainMs });
    this.disbelieve(answer.handsOver ? HANDS_OVER : `${answer.leader ?? 'nobody'} leads`);
    if (answer.handsOver) onHandOver?.(drainMs);
  }

  private believe(token: number, untilMs: number, holder: boolean): void {
    if (this.belief?.token !== token) logEvent(this.options.logger, 'leadership_gained', { group: this.options.group, token });
    this.belief = { token, untilMs };
    clearTimeout(this.windowTimer);
    this.windowTimer = setTimeout(
      () => this.disbelieve('its trust window ended without an answer'),
      Math.max(0, untilMs - performance.now()),
    );
    this.show({ leads: true, holder });
  }

  private disbelieve(reason: string): void {
    clearTimeout(this.windowTimer);
    const { belief } = this;
    this.belief = null;
    if (belief !== null && reason !== HANDS_OVER)
      logEvent(this.options.logger, 'leadership_lost', { group: this.options.group, token: belief.token, reason });
    this.show({ leads: false, holder: false });
  }

  private show(state: { leads: boolean; holder: boolean }): void {
    if (state.leads === this.shown.leads && state.holder === this.shown.holder) return;
    this.shown = state;
    this.options.onChange?.(state);
  }
}
