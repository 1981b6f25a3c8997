// What the leading failover-monitor of a region does for the groups that are at home there: the ledger, adoption, moves that drain, and the brake of claims.
import { HOMES_WAKE, type Logger, MOVES_WAKE } from '../domain/index.js';
import type { Duty } from '../leadership/index.js';
import type { HomeStore } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';
import { Adoption } from './adoption.js';
import type { RegionBelief } from './belief.js';

export interface HomeDutiesOptions {
  readonly homes: HomeStore;
  readonly logger: Logger;
  /** Wakes whoever listens for these logical queues, or one of the wake-ups of homes. */
  readonly notify: (queues: readonly string[]) => void;
  /** Calls back for each wake-up of one of these; without it adoption is found by polling alone. */
  readonly listen?: (wakeups: readonly string[], onWake: () => void) => void;
  readonly belief: RegionBelief;
  /** Of R16. */
  readonly maxLagBytes: number;
}

const LEDGER_EVERY_MS = 1_000;
const ADOPTION_EVERY_MS = 500;
const MOVES_EVERY_MS = 100;
const THROTTLE_EVERY_MS = 1_000;
/** A group that has stopped waits for its target to confirm: a few ms, where the target is near and well. */
const CONFIRM_LOOKS_MAX = 20;
const CONFIRM_LOOK_MS = 10;

/** All of it, for a region of a mesh. */
export function homeDuties(options: HomeDutiesOptions): Duty[] {
  const { homes, logger, maxLagBytes } = options;
  return [keepLedger(homes), adoptGroups(options), stopMoves(options), throttleClaims(homes, maxLagBytes, logger)];
}

/** The ledger of this region's stream (R8): a tick a second, closed when its transactions have ended, replicated when every member has confirmed it. */
const keepLedger = (homes: HomeStore): Duty => ({
  name: 'ledger',
  intervalMs: LEDGER_EVERY_MS,
  async tick(token) {
    await homes.advanceTick(token);
    await homes.closeTicks(token);
    await homes.noteReplicated(token);
    return 'idle';
  },
});

/** Adopts the groups that have become this region's own, as soon as it learns of them, and late rows of those that are. */
function adoptGroups(options: HomeDutiesOptions): Duty {
  const adoption = new Adoption(options);
  return {
    name: 'adoption',
    intervalMs: ADOPTION_EVERY_MS,
    tick: (token) => adoption.tick(token),
    wakeable: (wake) => options.listen?.([HOMES_WAKE], wake),
  };
}

/**
 * Stops groups that are being moved away when nothing of them is in flight any more (R10), and has them proposed at once. When their time to finish has
 * passed, workers are woken: they beat, and are told to give back what they hold.
 */
function stopMoves({ homes, notify, belief }: HomeDutiesOptions): Duty {
  return {
    name: 'moves',
    intervalMs: MOVES_EVERY_MS,
    async tick(token, signal) {
      const moves = await homes.moves();
      const drained = moves.filter(({ mayStop }) => mayStop).map(({ placementGroup }) => placementGroup);
      if (drained.length > 0) await homes.stopMove(token, drained);
      if (moves.some(({ mark, drainOver, inFlight }) => mark === 'draining' && drainOver && inFlight > 0)) notify([MOVES_WAKE]);
      if (drained.length > 0) await untilConfirmed(homes, signal);
      if (drained.length > 0 || moves.some(({ mark, confirmed }) => mark === 'stopped' && confirmed)) belief.lookNow();
      return 'idle';
    },
  };
}

async function untilConfirmed(homes: HomeStore, signal: AbortSignal): Promise<void> {
  for (let looks = 0; looks < CONFIRM_LOOKS_MAX && !signal.aborted; looks += 1) {
    const moves = await homes.moves();
    if (moves.every(({ mark, confirmed }) => mark !== 'stopped' || confirmed)) return;
    await new Promise((resolve) => setTimeout(resolve, CONFIRM_LOOK_MS));
  }
}

/** Stops claims while too few regions keep up with this one's log (R16), and tells when that changes. */
function throttleClaims(homes: HomeStore, maxLagBytes: number, logger: Logger): Duty {
  let known: string | null = null;
  return {
    name: 'throttle',
    intervalMs: THROTTLE_EVERY_MS,
    async tick(token) {
      const reason = await homes.throttleClaims(token, maxLagBytes);
      if ((reason === null) !== (known === null))
        logEvent(logger, reason === null ? 'claims_go_on' : 'claims_stopped', { reason: (reason ?? known)! });
      known = reason;
      return 'idle';
    },
  };
}
