// Proposes the moves of groups that this region hands out (R10), when everything of them is done: nothing is in flight, nothing is written any more, and the
// new home has confirmed all of it. All that are ready go in one epoch.
//
// Limit: 1,000 groups an epoch. What was proposed is given up only when its epoch was decided otherwise; then it is proposed again.
import type { MoveValue, Wish } from '../domain/index.js';
import type { HomeStore } from '../store/index.js';
import type { Observed, WishSource } from './proposer.js';

const GROUPS_MAX = 1_000;

export class MoveWishes implements WishSource {
  constructor(private readonly homes: HomeStore) {}

  async wish(token: number, { epoch, self, members }: Omit<Observed, 'wish' | 'waitingMs'>): Promise<Wish | null> {
    const targets = new Map(members.map(({ region, memberId }) => [region, memberId]));
    const ready = (await this.homes.moves()).filter(
      ({ mark, confirmed, target }) => mark === 'stopped' && confirmed && targets.has(target),
    );
    if (ready.length === 0) return null;
    const targetOf = new Map(ready.slice(0, GROUPS_MAX).map(({ placementGroup, target }) => [placementGroup, targets.get(target)!]));
    const proposed = await this.homes.noteProposedMove(token, epoch, [...targetOf.keys()]);
    if (proposed.length === 0) return null;
    const groups = Object.fromEntries(proposed.map((group) => [group, targetOf.get(group)!]));
    const value: MoveValue = { version: 1, kind: 'move', from: self, groups };
    return { value, sentence: `${proposed.length} groups are ready to move` };
  }
}
