// REGION_FAILBACK=automatic (D8): what takeovers took goes back, by a planned move of each present home, to whoever had it first of those that are there
// (groups_to_return). That one must have answered without a break for as long as FAILBACK_AFTER says, so that a region that dies again and again is not given
// its groups each time; nobody gets them meanwhile who would have to hand them on. What a region handed out itself (evacuated, moved, or as the share of a
// newcomer) stays where it is.
//
// Limit: nothing while anybody is suspected.
import { isUneasy, type Wish } from '../domain/index.js';
import type { RegionReader } from '../store/index.js';
import type { HandOvers } from './hand-overs.js';
import type { Observed, WishSource } from './proposer.js';

type Looked = Omit<Observed, 'wish' | 'waitingMs'>;

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
  /** An epoch and who was there and well: nothing goes to them. */
  private nothingAt: string | null = null;

  constructor(private readonly options: FailbackWishesOptions) {}

  /** Wishes for nothing in the log: it begins moves, which MoveWishes proposes when they are ready. */
  async wish(token: number, seen: Looked): Promise<Wish | null> {
    const { reader, handOvers, afterMs, drainMs, now } = this.options;
    const present = this.present(seen);
    const well = new Map(present.filter(({ sinceMs }) => now() - sinceMs >= afterMs).map(({ memberId, region }) => [memberId, region]));
    const looked = `${seen.epoch} ${present.map(({ memberId }) => memberId).join()} ${[...well.keys()].join()}`;
    if (well.size === 0 || looked === this.nothingAt) return null;
    const returning = await reader.groupsToReturn(
      present.map(({ memberId }) => memberId),
      { planned: false },
    );
    const groups = new Map(
      returning.flatMap(({ placementGroup, memberId }) => (well.has(memberId) ? [[placementGroup, well.get(memberId)!]] : [])),
    );
    this.nothingAt = groups.size === 0 ? looked : null;
    await handOvers.begin(token, { groups, drainMs, why: `they were taken from it, and it has been well for ${afterMs} ms` }, seen);
    return null;
  }

  /** Those that answer and nobody suspects, while nothing is uneasy; and since when. */
  private present(seen: Looked): readonly { memberId: string; region: string; sinceMs: number }[] {
    const { members, votes, self } = seen;
    const nowMs = this.options.now();
    const suspected = new Set([...votes.values()].flatMap((vote) => [...vote.suspected, ...vote.sealed]));
    for (const { memberId, state } of members) {
      if (memberId === self || state !== 'full' || !votes.has(memberId) || suspected.has(memberId)) this.wellSinceMs.delete(memberId);
      else if (!this.wellSinceMs.has(memberId)) this.wellSinceMs.set(memberId, nowMs);
    }
    if (isUneasy(seen)) return [];
    return members.flatMap(({ memberId, region }) => {
      const sinceMs = this.wellSinceMs.get(memberId);
      return sinceMs === undefined ? [] : [{ memberId, region, sinceMs }];
    });
  }
}
