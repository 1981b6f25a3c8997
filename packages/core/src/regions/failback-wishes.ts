// REGION_FAILBACK=automatic (D8): a region that returned and is full gets back, by a planned move of each present home, what was taken from it. It must have
// answered without a break for as long as FAILBACK_AFTER says, so that a region that dies again and again is not given its groups each time.
//
// Limit: the groups of one returned region at a time; nothing while anybody is suspected.
import type { Wish } from '../domain/index.js';
import type { HomeStore, RegionReader } from '../store/index.js';
import type { Observed, WishSource } from './proposer.js';

export interface FailbackWishesOptions {
  readonly reader: RegionReader;
  readonly homes: HomeStore;
  readonly afterMs: number;
  readonly drainMs: number;
  readonly now: () => number;
}

export class FailbackWishes implements WishSource {
  /** Member -> since when it answers, and nobody suspects it. */
  private readonly wellSinceMs = new Map<string, number>();

  constructor(private readonly options: FailbackWishesOptions) {}

  /** Wishes for nothing in the log: it begins moves, which MoveWishes proposes when they are ready. */
  async wish(token: number, { members, votes, self }: Omit<Observed, 'wish' | 'waitingMs'>): Promise<Wish | null> {
    const { reader, homes, afterMs, drainMs, now } = this.options;
    const nowMs = now();
    const suspected = new Set([...votes.values()].flatMap((vote) => [...vote.suspected, ...vote.sealed]));
    for (const { memberId, region, state } of members) {
      if (memberId === self || state !== 'full' || !votes.has(memberId) || suspected.has(memberId)) this.wellSinceMs.delete(memberId);
      else if (!this.wellSinceMs.has(memberId)) this.wellSinceMs.set(memberId, nowMs);
      const sinceMs = this.wellSinceMs.get(memberId);
      if (suspected.size > 0 || sinceMs === undefined || nowMs - sinceMs < afterMs) continue;
      const moving = new Set((await homes.moves()).map(({ placementGroup }) => placementGroup));
      const groups = (await reader.takenFrom(memberId)).filter((group) => !moving.has(group));
      if (groups.length === 0) continue;
      await homes.beginMove({ token, groups, target: region, drainMs });
      return null;
    }
    return null;
  }
}
