import { Adoption, type Duty, type HomeStore, logEvent, type Logger } from '@singularity-workflow/core';

const LEDGER_EVERY_MS = 1_000;
const ADOPTION_EVERY_MS = 500;
const MOVES_EVERY_MS = 100;
const THROTTLE_EVERY_MS = 1_000;

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

/** Stops groups that are being moved away when nothing of them is in flight any more (R10). */
const stopMoves = (homes: HomeStore): Duty => ({
  name: 'moves',
  intervalMs: MOVES_EVERY_MS,
  async tick(token) {
    const drained = (await homes.moves()).filter(({ mayStop }) => mayStop).map(({ placementGroup }) => placementGroup);
    if (drained.length > 0) await homes.stopMove(token, drained);
    return 'idle';
  },
});

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

export interface HomeDutiesOptions {
  readonly homes: HomeStore;
  readonly logger: Logger;
  readonly notify: (queues: readonly string[]) => void;
  /** Of R16. */
  readonly maxLagBytes: number;
}

/** Adopts the groups that have become this region's own, and late rows of those that are. */
function adoptGroups(options: HomeDutiesOptions): Duty {
  const adoption = new Adoption(options);
  return { name: 'adoption', intervalMs: ADOPTION_EVERY_MS, tick: (token) => adoption.tick(token) };
}

/** All of it, for a region of a mesh. */
export function homeDuties(options: HomeDutiesOptions): Duty[] {
  const { homes, logger, maxLagBytes } = options;
  return [keepLedger(homes), adoptGroups(options), stopMoves(homes), throttleClaims(homes, maxLagBytes, logger)];
}
