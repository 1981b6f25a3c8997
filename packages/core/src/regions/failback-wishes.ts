// REGION_FAILBACK=automatic (D8): a region that returned and is full gets back, by a planned move of each present home, what was taken from it. It must have
// answered without a break for as long as FAILBACK_AFTER says, so that a region that dies again and again is not given its groups each time. What it handed
// out itself (evacuated, moved, or as the share of a newcomer) stays where it is.
//
// Limit: the groups of one returned region at a time; nothing while anybody is suspected.
import { isUneasy, type Wish } from '../domain/index.js';
import type { RegionReader } from '../store/index.js';
import type { HandOvers } from './hand-overs.js';
import type { Observed, WishSource } from './proposer.js';

export interface FailbackWishesOptions {
  readonly reader: RegionReader;
  readonly handOvers: HandOvers;
  readonly afterMs: number;
  readonly drainMs: number;
  readonly now: () => number;
}

export class FailbackWishes implements WishSource {
  /** Member -> since when it answers, and nobody suspects it. */
  private readonly wellSinceMs = new Map<string, number>();

  constructor(private readonly options: FailbackWishesOptions) {}

  /** Wishes for nothing in the log: it begins moves, which MoveWishes proposes when they are ready. */
  async wish(token: number, seen: Omit<Observed, 'wish' | 'waitingMs'>): Promise<Wish | null> {
    const { reader, handOvers, afterMs, drainMs } = this.options;
    for (const { memberId, region } of this.well(seen)) {
      const groups = await reader.takenFrom(memberId, { byTakeover: true });
      if (groups.length === 0) continue;
      const why = `they were taken from it, and it has been well for ${afterMs} ms`;
      await handOvers.begin(token, { groups: new Map(groups.map((group) => [group, region])), drainMs, why }, seen);
      return null;
    }
    return null;
  }

  /** Those that have been so for long enough. */
  private well(seen: Omit<Observed, 'wish' | 'waitingMs'>): readonly { memberId: string; region: string }[] {
    const { members, votes, self } = seen;
    const { afterMs, now } = this.options;
    const nowMs = now();
    const suspected = new Set([...votes.values()].flatMap((vote) => [...vote.suspected, ...vote.sealed]));
    for (const { memberId, state } of members) {
      if (memberId === self || state !== 'full' || !votes.has(memberId) || suspected.has(memberId)) this.wellSinceMs.delete(memberId);
      else if (!this.wellSinceMs.has(memberId)) this.wellSinceMs.set(memberId, nowMs);
    }
    return isUneasy(seen) ? [] : members.filter(({ memberId }) => nowMs - (this.wellSinceMs.get(memberId) ?? Infinity) >= afterMs);
  }
}
