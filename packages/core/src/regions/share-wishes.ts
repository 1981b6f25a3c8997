// Who joins takes its share, and who leaves hands out what it has (R4): each home hands over its own groups, by planned moves, a few at a time. A region that
// retires hands out all of its groups, to whoever has fewest; one that has joined gets an even share from the fullest, where REGION_REBALANCE is automatic.
//
// A newcomer is one that joined and never lost a group: a region that was emptied, by a takeover or an operator, gets its groups back by other ways (failback,
// restore), or not at all.
import { belowShare, type HandOver, sharesOf, spread, type Wish } from '../domain/index.js';
import type { HomeStore, RegionReader } from '../store/index.js';
import type { HandOvers } from './hand-overs.js';
import type { Observed, WishSource } from './proposer.js';

type Looked = Omit<Observed, 'wish' | 'waitingMs'>;

export interface ShareWishesOptions {
  readonly reader: RegionReader;
  readonly homes: HomeStore;
  readonly handOvers: HandOvers;
  readonly drainMs: number;
  /** Whether newcomers take their share by themselves. */
  readonly automatic: boolean;
}

export class ShareWishes implements WishSource {
  constructor(private readonly options: ShareWishesOptions) {}

  /** Wishes for nothing in the log: it begins moves. */
  async wish(token: number, seen: Looked): Promise<Wish | null> {
    const { automatic } = this.options;
    const own = seen.members.find(({ memberId }) => memberId === seen.self);
    if (own?.state === 'retiring') await this.leave(token, seen);
    else if (own?.state === 'full' && automatic) await this.share(token, seen);
    return null;
  }

  /** What `seen.self` hands to those who joined; none where nobody lacks anything. */
  async sharesOf(seen: Looked): Promise<HandOver[]> {
    const lacking = belowShare(seen);
    if (lacking.length === 0) return [];
    const newcomers = new Set(await this.options.reader.newcomers(lacking));
    return newcomers.size === 0 ? [] : sharesOf(newcomers, seen, seen.self);
  }

  private async share(token: number, seen: Looked): Promise<void> {
    const { handOvers, drainMs } = this.options;
    const groups = regionsOf(await this.sharesOf(seen), seen);
    const has = (name: string): number => seen.placement.filter(({ memberId }) => nameOf(memberId, seen) === name).length;
    const takers = [...new Set(groups.values())];
    const why = takers.map((name) => `${name} joined and has ${has(name)}`).join(', ');
    await handOvers.begin(token, { groups, drainMs, why }, seen);
  }

  private async leave(token: number, seen: Looked): Promise<void> {
    const { handOvers, drainMs } = this.options;
    const groups = regionsOf(await this.handedOut(seen), seen);
    await handOvers.begin(token, { groups, drainMs, why: `${seen.mesh.region} leaves` }, seen);
  }

  /** Where all the groups of `seen.self` go that are not on their way yet: evenly to those who can take them. */
  async handedOut(seen: Looked): Promise<readonly HandOver[]> {
    const { homes, handOvers } = this.options;
    const moves = await homes.moves();
    const targetOf = new Map(moves.map(({ placementGroup, targetMember }) => [placementGroup, targetMember]));
    const load = new Map<string, number>();
    for (const { group, memberId } of seen.placement) {
      const home = targetOf.get(group) ?? memberId;
      load.set(home, (load.get(home) ?? 0) + 1);
    }
    const own = seen.placement.filter(({ group, memberId }) => memberId === seen.self && !targetOf.has(group));
    return spread(own, handOvers.targets(seen), load).handOvers;
  }
}

const nameOf = (memberId: string, { members }: Looked): string => members.find((one) => one.memberId === memberId)?.region ?? memberId;

/** Group -> region, as orders want it. */
export function regionsOf(handOvers: readonly HandOver[], seen: Looked): Map<string, string> {
  return new Map(handOvers.map(({ group, to }) => [group, nameOf(to, seen)]));
}
