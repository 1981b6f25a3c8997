// Watches the mesh and has it decide (D2, D4-D8): a duty of every region's leading failover-monitor. Each round observes (the own database, and what every
// member answers), decides (domain/region-decisions.ts, pure) and acts, one decision at a time.
//
// Failure: whatever is begun here and not ended (a seal, a ballot) is found again in the databases by the next round, or by the monitor that comes after.
import {
  decideOnRegions,
  forcedTakeover,
  isWorkflowError,
  type Logger,
  majorityOf,
  type MemberVote,
  type Promised,
  reasonOf,
  type RegionDecision,
  type RegionsSeen,
  sentenceOfValue,
  suspectedBy,
  type TopologyValue,
  voters,
  whatWaits,
  type Wish,
} from '../domain/index.js';
import type { Duty } from '../leadership/index.js';
import type { TickResult } from '../loop/index.js';
import type { MeshMember, MeshRow, RegionReader, RegionStore } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';
import type { Ballots, Proposal } from './ballot.js';
import type { RegionBelief } from './belief.js';
import type { Founding } from './founding.js';
import type { Peers } from './peers.js';
import { whenEnough } from './when-enough.js';

export interface Observed extends RegionsSeen {
  readonly mesh: MeshRow;
  readonly members: readonly MeshMember[];
}

/** Where a wish comes from: commands of operators, steps of members, moves. Null: nothing is wanted. */
export interface WishSource {
  wish(token: number, seen: Omit<Observed, 'wish' | 'waitingMs'>): Promise<Wish | null>;
  /** Tenants wait for what it wishes: it is not gathered with what others wish within the same second. */
  readonly isUrgent?: true;
  /** What became of it. */
  told?(token: number, wish: Wish, sentence: string): Promise<void>;
}

export interface ProposerOptions {
  readonly peers: Peers;
  readonly regions: RegionStore;
  readonly reader: RegionReader;
  readonly ballots: Ballots;
  readonly founding: Founding;
  readonly belief: RegionBelief;
  readonly wishes: readonly WishSource[];
  readonly heartbeatMs: number;
  /** How long every proposer after the first waits for the one before it. */
  readonly turnMs: number;
  readonly logger: Logger;
  /** A monotonic clock, in ms. */
  readonly now: () => number;
}

const WISHES_EVERY_MS = 1_000;
/** So long a look waits for an answer of whom this region suspects: it may hang, and it may be back. */
const SUSPECT_ANSWERS_MS = 250;
/** While somebody is suspected. */
const LOOKS_PER_HEARTBEAT = 4;
const WORKER_ENDS_BY_ITSELF_MS = 1_000;
const WORKER_LOOKS_MAX = 200;
const WORKER_LOOK_MS = 25;

export class Proposer implements Duty {
  readonly name = 'regions';
  readonly intervalMs: number;
  private verdict: string | null = null;
  private waiting: { readonly why: string; readonly epoch: number; readonly sinceMs: number } | null = null;
  private wishedAtMs = -WISHES_EVERY_MS;

  constructor(private readonly options: ProposerOptions) {
    this.intervalMs = options.heartbeatMs;
  }

  /** Whoever has something ready to be decided need not wait for the next heartbeat. */
  wakeable(wake: () => void): void {
    this.options.belief.lookNow = wake;
  }

  async tick(token: number, signal: AbortSignal): Promise<TickResult> {
    const { reader, founding, belief } = this.options;
    const mesh = await reader.mesh();
    if (mesh === null) return (await founding.attempt(token)) ? 'more' : 'idle';
    if (mesh.stoppedReason !== null) return this.standStill(token, mesh, mesh.stoppedReason);
    const seen = await this.observe(token, mesh);
    const decision = decideOnRegions(seen, this.options);
    belief.verdict = decision.sentence;
    return this.act(token, { decision, seen, signal });
  }

  standBy(): void {
    this.waiting = null;
    this.verdict = null;
  }

  /** Until an operator lets it join anew (`resync`), and then until a log names it. */
  private async standStill(token: number, { region, lastEpoch }: MeshRow, reason: string): Promise<TickResult> {
    const { reader, regions, founding } = this.options;
    this.tell('stands still', reason);
    if (lastEpoch === 0) return (await founding.attempt(token)) ? 'more' : 'idle';
    const asked = (await reader.openCommands()).find(({ command, arguments: given }) => command === 'resync' && given['region'] === region);
    if (asked === undefined) return 'idle';
    const memberId = await regions.renew(token);
    const outcome = `${region} is member ${memberId} now, and waits until a region of the mesh adds it`;
    await regions.finish(token, { commandId: asked.commandId, state: 'done', outcome });
    return 'more';
  }

  private async observe(token: number, mesh: MeshRow): Promise<Observed> {
    const { reader, peers, belief } = this.options;
    const [members, placement, seals] = await Promise.all([reader.members(), reader.placement(), reader.seals()]);
    const epoch = mesh.lastEpoch + 1;
    const answered = new Map<string, MemberVote>();
    const asking = members.map(async (member) => {
      const call = { meshId: mesh.meshId, from: mesh.memberId, to: member.memberId };
      const answer = await peers.askInEpoch(member, call, { epoch, follow: false }, (store, asked) => store.suspicions(call, asked));
      if (answer === null || answer.member_id !== member.memberId) return;
      const { suspected, sealed, accepted, last_epoch, copied } = answer;
      answered.set(member.memberId, { suspected, sealed, accepted, lastEpoch: last_epoch, copied });
    });
    const silent = new Set(belief.suspicions.map(({ memberId }) => memberId));
    const awaited = members.filter(({ memberId }) => !silent.has(memberId));
    await whenEnough(asking, SUSPECT_ANSWERS_MS, () => awaited.every(({ memberId }) => answered.has(memberId)));
    const votes = new Map(answered); // who answers later is heard at the next look
    const needed = majorityOf(voters(members).length);
    belief.suspectedByMajority = new Set(members.map(({ memberId }) => memberId).filter((id) => suspectedBy(id, votes, members) >= needed));
    const seen = {
      mesh,
      self: mesh.memberId,
      epoch,
      members,
      placement,
      seals,
      votes,
      suspicions: belief.suspicions,
      givenUp: new Set(belief.givenUp.keys()),
    };
    const waitingMs = this.waitedMs(epoch, whatWaits(seen));
    const mayWish = this.options.now() - this.wishedAtMs >= WISHES_EVERY_MS;
    return { ...seen, waitingMs, wish: await this.wishOf(token, seen, mayWish) };
  }

  /** The first source that wishes something; a source that fails must not keep a takeover from being decided. */
  private async wishOf(token: number, seen: Omit<Observed, 'wish' | 'waitingMs'>, mayWish: boolean): Promise<Wish | null> {
    for (const source of this.options.wishes.filter(({ isUrgent }) => mayWish || isUrgent)) {
      try {
        const wish = await source.wish(token, seen);
        if (wish !== null) return wish;
      } catch (error) {
        if (isWorkflowError(error, 'lease_lost')) throw error;
        this.tell('could not look what is wished', reasonOf(error));
      }
    }
    return null;
  }

  private waitedMs(epoch: number, why: string | null): number {
    if (why === null) this.waiting = null;
    else if (this.waiting?.epoch !== epoch || this.waiting.why !== why) this.waiting = { why, epoch, sinceMs: this.options.now() };
    return this.waiting === null ? 0 : this.options.now() - this.waiting.sinceMs;
  }

  private async act(
    token: number,
    { decision, seen, signal }: { decision: RegionDecision; seen: Observed; signal: AbortSignal },
  ): Promise<TickResult> {
    const { regions } = this.options;
    if (decision.do === 'wait') {
      this.tell('wait', decision.sentence);
      if (seen.suspicions.length > 0) this.lookSoon();
      return 'idle';
    }
    try {
      if (decision.do === 'unseal') {
        await regions.unseal(token, decision.memberId, decision.knownEpoch);
      } else if (decision.do === 'seal') {
        const { memberId, grantsSeen, sentence: reason } = decision;
        await regions.beginSeal(token, { memberId, epoch: seen.epoch, grantsSeen, reason });
        await this.finishSeal(token, { memberId: decision.memberId, epoch: seen.epoch, signal });
      } else if (decision.do === 'finish_seal') {
        await this.finishSeal(token, { memberId: decision.memberId, epoch: seen.epoch, signal });
      } else {
        return await this.propose(token, decision, seen);
      }
      return 'more';
    } catch (error) {
      // The world moved on between the look and the act: look again.
      if (!isWorkflowError(error, 'seal_refused') && !isWorkflowError(error, 'not_the_next_epoch')) throw error;
      this.tell(`could not ${decision.do}`, error.message);
      return 'idle';
    }
  }

  /** The worker ends by itself, or is told to; a seal that could not be finished is finished by the next round. */
  private async finishSeal(
    token: number,
    { memberId, epoch, signal }: { memberId: string; epoch: number; signal: AbortSignal },
  ): Promise<void> {
    const { regions } = this.options;
    const beganMs = this.options.now();
    for (let looks = 0; looks < WORKER_LOOKS_MAX && !signal.aborted; looks += 1) {
      const terminate = this.options.now() - beganMs > WORKER_ENDS_BY_ITSELF_MS;
      if ((await regions.endLinkWorker(token, memberId, terminate)) === 0 && (await regions.finishSeal(token, memberId, epoch))) return;
      await new Promise((resolve) => setTimeout(resolve, WORKER_LOOK_MS));
    }
  }

  private async propose(
    token: number,
    decision: Extract<RegionDecision, { do: 'propose' | 'force' }>,
    seen: Observed,
  ): Promise<TickResult> {
    const { ballots, logger, wishes } = this.options;
    const { mesh, members, placement, epoch, wish } = seen;
    const wanted = decision.do === 'propose' ? decision.wanted : null;
    const suspected = new Set(seen.suspicions.map(({ memberId }) => memberId));
    const proposal = { token, meshId: mesh.meshId, self: mesh.memberId, epoch, members, placement, suspected, wanted };
    const result = await ballots.decide(
      decision.do === 'force' ? forcedProposal(proposal, decision.lost, this.whoGaveUp(decision.lost)) : proposal,
    );
    if (result.decided) this.wishedAtMs = this.options.now();
    const nameOf = (memberId: string): string => members.find((member) => member.memberId === memberId)?.region ?? memberId;
    const sentence = result.decided ? sentenceOfValue(result.value, nameOf) : result.sentence;
    if (result.decided)
      logEvent(logger, 'topology_decided', { epoch, kind: result.value.kind, reason: `${decision.sentence}: ${sentence}` });
    else this.tell('propose', sentence);
    if (wish !== null && wanted === wish.value && result.decided && result.value === wish.value) {
      for (const source of wishes) await source.told?.(token, wish, sentence);
    }
    return result.decided ? 'more' : 'idle';
  }

  private whoGaveUp(lost: readonly string[]): string {
    const operators = new Set(lost.map((memberId) => this.options.belief.givenUp.get(memberId) ?? 'an operator'));
    return `${[...operators].join(' and ')} gave ${lost.length === 1 ? 'it' : 'them'} up`;
  }

  /** What this region waits for is that others suspect and seal too: a takeover should not wait for heartbeats. */
  private lookSoon(): void {
    setTimeout(() => this.options.belief.lookNow(), this.intervalMs / LOOKS_PER_HEARTBEAT).unref();
  }

  private tell(decision: string, reason: string): void {
    const verdict = `${decision}: ${reason}`;
    if (verdict === this.verdict) return;
    this.verdict = verdict;
    logEvent(this.options.logger, 'region_decided', { decision, reason });
  }
}

/** Everybody who is left promises and accepts, and the mesh has another id from then on (D9). */
function forcedProposal(proposal: Proposal, lost: readonly string[], why: string): Proposal {
  const { members, placement, meshId: formerMeshId } = proposal;
  const needed = voters(members).filter(({ memberId }) => !lost.includes(memberId)).length;
  const meshId = crypto.randomUUID();
  const choose = (promises: readonly Promised[]): TopologyValue | null =>
    forcedTakeover(promises, { members, placement }, { lost, meshId, formerMeshId, why });
  return { ...proposal, forced: { needed, choose } };
}
