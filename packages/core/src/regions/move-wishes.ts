// Proposes the moves of groups that this region hands out (R10), when everything of them is done: nothing is in flight, nothing is written any more, and the
// new home has confirmed all of it. All that are ready go in one epoch.
//
// Limit: 1,000 groups an epoch. What was proposed is given up only when its epoch was decided otherwise; then it is proposed again. What was not is given up
// when its target has not answered, or not confirmed, for five seconds: its tenants wait for nobody longer than that.
// Events: region_decided, when moves are given up
import { type Logger, type MoveValue, type Wish } from '../domain/index.js';
import type { HomeStore, MoveSeen } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';
import type { HandOvers } from './hand-overs.js';
import type { Observed, WishSource } from './proposer.js';

type Looked = Omit<Observed, 'wish' | 'waitingMs'>;

export interface MoveWishesOptions {
  readonly homes: HomeStore;
  readonly handOvers: HandOvers;
  readonly logger: Logger;
  /** A monotonic clock, in ms. */
  readonly now: () => number;
}

const GROUPS_MAX = 1_000;
const GIVEN_UP_AFTER_MS = 5_000;
/** In the sentence of a decided move. */
const REASONS_MAX = 3;

export class MoveWishes implements WishSource {
  readonly isUrgent = true;
  /** Group on its way -> since when its target fails. */
  private readonly failingSinceMs = new Map<string, number>();

  constructor(private readonly options: MoveWishesOptions) {}

  async wish(token: number, seen: Looked): Promise<Wish | null> {
    const { homes } = this.options;
    const moves = await homes.moves();
    await this.giveUp(token, moves, seen);
    const targets = new Map(seen.members.map(({ region, memberId }) => [region, memberId]));
    const ready = moves.filter(({ mark, confirmed, target }) => mark === 'stopped' && confirmed && targets.has(target));
    if (ready.length === 0) return null;
    const targetOf = new Map(ready.slice(0, GROUPS_MAX).map(({ placementGroup, target }) => [placementGroup, targets.get(target)!]));
    const proposed = await homes.noteProposedMove(token, seen.epoch, [...targetOf.keys()]);
    if (proposed.length === 0) return null;
    const groups = Object.fromEntries(proposed.map((group) => [group, targetOf.get(group)!]));
    const going = ready.filter(({ placementGroup }) => placementGroup in groups);
    const why = [...new Set(going.flatMap(({ reason }) => reason ?? []))].slice(0, REASONS_MAX).join('; ');
    const without_ms = Math.max(...going.map(({ markedMs }) => markedMs));
    const value: MoveValue = { version: 1, kind: 'move', from: seen.self, groups, ...(why === '' ? {} : { why }), without_ms };
    return { value, sentence: `${proposed.length} groups are ready to move` };
  }

  /** SQL keeps those whose epoch is open. */
  private async giveUp(token: number, moves: readonly MoveSeen[], { members, votes }: Looked): Promise<void> {
    const { homes, handOvers, logger, now } = this.options;
    const nowMs = now();
    const full = new Set(members.filter(({ state, memberId }) => state === 'full' && votes.has(memberId)).map(({ region }) => region));
    const failing = moves.filter(({ mark, confirmed, target }) => !full.has(target) || (mark === 'stopped' && !confirmed));
    const names = new Set(failing.map(({ placementGroup }) => placementGroup));
    for (const group of this.failingSinceMs.keys()) if (!names.has(group)) this.failingSinceMs.delete(group);
    for (const group of names) if (!this.failingSinceMs.has(group)) this.failingSinceMs.set(group, nowMs);
    const hopeless = failing.filter(({ placementGroup }) => nowMs - this.failingSinceMs.get(placementGroup)! >= GIVEN_UP_AFTER_MS);
    if (hopeless.length === 0) return;
    for (const { targetMember } of hopeless) if (targetMember !== null) handOvers.avoid(targetMember);
    const targets = [...new Set(hopeless.map(({ target }) => target))].join(', ');
    const why = `${targets} has not confirmed what was written of them`;
    const groups = hopeless.map(({ placementGroup }) => placementGroup);
    const count = await homes.giveUpMove(token, groups, why);
    if (count === 0) return;
    const reason = `${count === 1 ? '1 group stays' : `${count} groups stay`}: ${why}`;
    logEvent(logger, 'region_decided', { decision: 'give up moves', reason });
  }
}
