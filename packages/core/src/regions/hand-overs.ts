// Begins planned moves (R10) for whoever decided that groups shall go: operators, shares of newcomers, fallbacks, failback. MoveWishes proposes them when they
// are ready, and gives up those whose target fails.
//
// Limit: few groups are on their way at once, since whoever is adopted last is without a home for longest; and none begins while a member is suspected, for
// nothing but a takeover is decided then. Where what runs gets a long time to finish, that is the gap, and all of them go together.
// Events: region_decided, each time that some begin
import { isUneasy, isWorkflowError, type Logger, type RegionMember } from '../domain/index.js';
import type { HomeStore, MoveRequest } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';
import type { Observed } from './proposer.js';

type Looked = Omit<Observed, 'wish' | 'waitingMs'>;

export interface HandOverOrder {
  /** Group -> region. */
  readonly groups: ReadonlyMap<string, string>;
  readonly drainMs: number;
  /** Of the sentence `3 groups go to x: ...`. */
  readonly why: string;
}

/** On their way from one home at once; with two targets eight adoptions one after the other at each. */
const AT_ONCE_MAX = 16;
const LONG_DRAIN_MS = 2_000;
/** begin_move's own limit. */
const BATCH_MAX = 1_000;
/** A target that failed gets no groups for so long. */
const AVOIDED_MS = 60_000;

export class HandOvers {
  private readonly avoidedUntilMs = new Map<string, number>();

  constructor(private readonly options: { readonly homes: HomeStore; readonly logger: Logger; readonly now: () => number }) {}

  /** Members that a group may be handed to now. */
  targets({ members, votes, self }: Looked): RegionMember[] {
    return members.filter(
      ({ memberId, state }) => memberId !== self && state === 'full' && votes.has(memberId) && !this.isAvoided(memberId),
    );
  }

  /** Those that are on their way already stay as they are. Answers how many begin now. */
  async begin(token: number, { groups, drainMs, why }: HandOverOrder, seen: Looked): Promise<number> {
    if (groups.size === 0 || isUneasy(seen)) return 0;
    const { homes, logger } = this.options;
    const moving = new Set((await homes.moves()).map(({ placementGroup }) => placementGroup));
    const room = (drainMs >= LONG_DRAIN_MS ? BATCH_MAX : AT_ONCE_MAX) - moving.size;
    const may = new Set(this.targets(seen).map(({ region }) => region));
    const chosen = [...groups].filter(([group, target]) => !moving.has(group) && may.has(target)).slice(0, Math.max(0, room));
    let begun = 0;
    for (const target of new Set(chosen.map(([, to]) => to))) {
      const own = chosen.filter(([, to]) => to === target).map(([group]) => group);
      if (!(await this.beginMove({ token, groups: own, target, drainMs, reason: why }))) continue;
      begun += own.length;
      logEvent(logger, 'region_decided', { decision: 'hand over', reason: `${countOf(own.length)} to ${target}: ${why}` });
    }
    return begun;
  }

  /** False: one of them is not adopted yet, or was lost this moment; the next look sees which. */
  private async beginMove(request: MoveRequest): Promise<boolean> {
    try {
      await this.options.homes.beginMove(request);
      return true;
    } catch (error) {
      if (!isWorkflowError(error, 'not_home')) throw error;
      return false;
    }
  }

  /** It did not confirm, or did not answer. */
  avoid(memberId: string): void {
    this.avoidedUntilMs.set(memberId, this.options.now() + AVOIDED_MS);
  }

  private isAvoided(memberId: string): boolean {
    return (this.avoidedUntilMs.get(memberId) ?? 0) > this.options.now();
  }
}

const countOf = (groups: number): string => (groups === 1 ? '1 group goes' : `${groups} groups go`);
