// A tenant's fallback regions, honoured after a takeover: the winner moves such a tenant's group to the first of them that lives, by a planned move. Once it
// was moved, by this or by an operator, it stays; of two fallbacks the second is as good as home when the first was lost, too.
//
// Limit: tenants with a group of their own; what hashes to a group goes where the group goes.
import { firstFallback, type Wish } from '../domain/index.js';
import type { RegionReader } from '../store/index.js';
import type { HandOvers } from './hand-overs.js';
import type { Observed, WishSource } from './proposer.js';

export interface FallbackWishesOptions {
  readonly reader: RegionReader;
  readonly handOvers: HandOvers;
  readonly drainMs: number;
}

export class FallbackWishes implements WishSource {
  constructor(private readonly options: FallbackWishesOptions) {}

  /** Wishes for nothing in the log: it begins moves. */
  async wish(token: number, seen: Omit<Observed, 'wish' | 'waitingMs'>): Promise<Wish | null> {
    const { reader, handOvers, drainMs } = this.options;
    const own = seen.members.filter(({ memberId }) => memberId === seen.self);
    const living = [...own, ...handOvers.targets(seen)];
    const groups = new Map<string, string>();
    for (const { group, residency, fallbackRegions } of await reader.wonWithFallbacks()) {
      const target = firstFallback(fallbackRegions, residency, living);
      if (target !== null && target.memberId !== seen.self) groups.set(group, target.region);
    }
    await handOvers.begin(token, { groups, drainMs, why: 'the first of their fallback regions that lives' }, seen);
    return null;
  }
}
