// What a region's monitor decides about the mesh (D4-D8): pure, each decision with the sentence that is logged. Every region's monitor decides by itself and
// on the same rules; who is quickest proposes, and the ballots see to it that only one value is decided.
//
// Limit: one decision at a time, the most urgent first; whatever it changes is looked at again before the next one. Nobody goes further than a suspicion
// before a majority of the members suspects; a proposer waits its turn, so that they do not outbid each other.
import { belongsTo, majorityOf, type RegionMember, sealsNeeded, type TopologySeen, voters } from './region-choice.js';
import type { Suspicion } from './region-suspicion.js';
import type { TopologyValue } from './topology-values.js';

export interface MemberVote {
  /** Member ids that it suspects. */
  readonly suspected: readonly string[];
  /** Those that it has sealed for the next epoch, with ranks. */
  readonly sealed: readonly string[];
  /** It has accepted a value in the next epoch. */
  readonly accepted: boolean;
  /** The last epoch that its own database knows. */
  readonly lastEpoch: number;
  /** It has copied what every home has written (D7). */
  readonly copied: boolean;
}

export interface SealSeen {
  readonly memberId: string;
  readonly epoch: number | null;
  readonly deposedEpoch: number | null;
  readonly counts: boolean;
}

export interface Wish {
  readonly value: TopologyValue;
  readonly sentence: string;
}

export interface RegionsSeen extends TopologySeen {
  readonly self: string;
  /** The next one. */
  readonly epoch: number;
  readonly suspicions: readonly Suspicion[];
  /** Of every member that answered, this one included. */
  readonly votes: ReadonlyMap<string, MemberVote>;
  readonly seals: readonly SealSeen[];
  /** For how long the epoch has waited for somebody to decide it (a majority has sealed, or a value was accepted, or a seal is alone); 0: it does not. */
  readonly waitingMs: number;
  /** Members that an operator gave up here (D9). */
  readonly givenUp: ReadonlySet<string>;
  /** What this region wants to have decided, if nothing is more urgent. */
  readonly wish: Wish | null;
}

export interface RegionRules {
  /** How long every proposer after the first waits for the one before it. */
  readonly turnMs: number;
}

export type RegionDecision =
  | { readonly do: 'unseal'; readonly memberId: string; readonly knownEpoch: number; readonly sentence: string }
  | { readonly do: 'seal'; readonly memberId: string; readonly grantsSeen: number; readonly sentence: string }
  | { readonly do: 'finish_seal'; readonly memberId: string; readonly sentence: string }
  | { readonly do: 'propose'; readonly wanted: TopologyValue | null; readonly sentence: string }
  | { readonly do: 'force'; readonly lost: readonly string[]; readonly sentence: string }
  | { readonly do: 'wait'; readonly sentence: string };

/** Who suspects a member, among those that vote. */
export function suspectedBy(memberId: string, votes: ReadonlyMap<string, MemberVote>, members: readonly RegionMember[]): number {
  return voters(members).filter((voter) => votes.get(voter.memberId)?.suspected.includes(memberId)).length;
}

/** Members that hold a group which those who answer could take (D4): a majority of all, and of the zone as many as must seal. */
export function takeableFrom({ members, placement }: TopologySeen, answering: ReadonlySet<string>): ReadonlySet<string> {
  const takeable = new Set<string>();
  const voting = voters(members);
  for (const { zone, memberId } of placement) {
    if (takeable.has(memberId)) continue;
    const others = voting.filter((member) => member.memberId !== memberId && answering.has(member.memberId));
    if (others.length < majorityOf(voting.length)) continue;
    if (others.filter((member) => belongsTo(member, zone)).length >= sealsNeeded(members, zone)) takeable.add(memberId);
  }
  return takeable;
}

/** What the next epoch waits for, if for anything: the longer it does, the more of those that answer may propose. */
export function whatWaits({ epoch, members, votes, seals, givenUp }: Omit<RegionsSeen, 'waitingMs' | 'wish'>): string | null {
  const needed = majorityOf(voters(members).length);
  const nameOf = namesOf(members);
  const sealed = members.find(({ memberId }) => sealersOf(memberId, votes, members) >= needed);
  if (sealed !== undefined) return `a majority has sealed ${sealed.region}`;
  if ([...votes.values()].some(({ accepted }) => accepted)) return `somebody began to decide epoch ${epoch}`;
  const alone = seals.find(
    (seal) => seal.epoch === epoch && !givenUp.has(seal.memberId) && suspectedBy(seal.memberId, votes, members) < needed,
  );
  return alone === undefined ? null : `no majority suspects ${nameOf(alone.memberId)} any more`;
}

/** One decision at most. */
export function decideOnRegions(seen: RegionsSeen, { turnMs }: RegionRules): RegionDecision {
  const own = seen.members.find(({ memberId }) => memberId === seen.self);
  if (own === undefined || !voters([own]).length) return wait('this region does not vote');
  return (
    unsealing(seen) ?? sealing(seen) ?? forcing(seen) ?? proposing(seen, turnMs) ?? wishing(seen) ?? wait('everything is as it should be')
  );
}

const wait = (sentence: string): RegionDecision => ({ do: 'wait', sentence });

function namesOf(members: readonly RegionMember[]): (memberId: string) => string {
  const names = new Map(members.map(({ memberId, region }) => [memberId, region]));
  return (memberId) => names.get(memberId) ?? memberId;
}

function sealersOf(memberId: string, votes: ReadonlyMap<string, MemberVote>, members: readonly RegionMember[]): number {
  return voters(members).filter((voter) => votes.get(voter.memberId)?.sealed.includes(memberId)).length;
}

/** A link stays disabled until the deposed one's own database knows that it is deposed (D8). */
function unsealing({ seals, votes, members }: RegionsSeen): RegionDecision | null {
  for (const { memberId, epoch, deposedEpoch } of seals) {
    const known = votes.get(memberId)?.lastEpoch;
    if (epoch !== null || known === undefined || known < (deposedEpoch ?? 0)) continue;
    const why = deposedEpoch === null ? 'is left in place' : `knows epoch ${deposedEpoch}, which deposed it`;
    return { do: 'unseal', memberId, knownEpoch: known, sentence: `${namesOf(members)(memberId)} ${why}` };
  }
  return null;
}

function sealing({ epoch, seals, suspicions, votes, members, givenUp }: RegionsSeen): RegionDecision | null {
  const nameOf = namesOf(members);
  const begun = seals.find((seal) => seal.epoch === epoch && !seal.counts);
  if (begun !== undefined) {
    return {
      do: 'finish_seal',
      memberId: begun.memberId,
      sentence: `the seal of ${nameOf(begun.memberId)} has no ranks for epoch ${epoch} yet`,
    };
  }
  for (const { memberId, grantsSeen, granting } of suspicions) {
    const count = suspectedBy(memberId, votes, members);
    const all = voters(members).length;
    if (granting || seals.some((seal) => seal.memberId === memberId && seal.epoch === epoch)) continue;
    if (count < majorityOf(all) && !givenUp.has(memberId)) continue;
    const forced = givenUp.has(memberId) ? ', and an operator gave it up' : '';
    return { do: 'seal', memberId, grantsSeen, sentence: `${count} of ${all} members suspect ${nameOf(memberId)}${forced}` };
  }
  return null;
}

/**
 * What an operator gave up is taken without a majority (D9): by everybody who is left, and only if all of them have sealed all that is lost, which none of them
 * has granted anything for its lease and the margin.
 */
function forcing({ givenUp, members, votes }: RegionsSeen): RegionDecision | null {
  if (givenUp.size === 0) return null;
  const nameOf = namesOf(members);
  const lost = [...givenUp];
  const answering = lost.find((memberId) => votes.has(memberId));
  if (answering !== undefined) return wait(`${nameOf(answering)} answers: it is not lost, and nothing is forced`);
  for (const { memberId, region } of voters(members).filter((member) => !givenUp.has(member.memberId))) {
    const vote = votes.get(memberId);
    if (vote === undefined) return wait(`${region} does not answer: give it up too, or wait for it`);
    const missing = lost.find((other) => !vote.sealed.includes(other));
    if (missing !== undefined) return wait(`${region} has not sealed ${nameOf(missing)} yet`);
  }
  return { do: 'force', lost, sentence: `an operator gave up ${lost.map(nameOf).join(', ')}, and everybody else has sealed it` };
}

/** Somebody is suspected, or sealed: nothing but a takeover is decided now. */
export function isUneasy({ votes, seals, epoch }: Pick<RegionsSeen, 'votes' | 'seals' | 'epoch'>): boolean {
  const uneasy = [...votes.values()].some(({ suspected, sealed }) => suspected.length > 0 || sealed.length > 0);
  return uneasy || seals.some((seal) => seal.epoch === epoch);
}

function proposing(seen: RegionsSeen, turnMs: number): RegionDecision | null {
  const why = whatWaits(seen);
  if (why === null) return null;
  const turn = turnOf(seen);
  if (seen.waitingMs < turn * turnMs) return wait(`${why}; ${turn} others propose before this region`);
  return { do: 'propose', wanted: null, sentence: why };
}

/** The place among those that answer and vote, by name: 0 proposes at once. */
export function turnOf({ members, votes, self }: Pick<RegionsSeen, 'members' | 'votes' | 'self'>): number {
  return voters(members)
    .filter(({ memberId }) => votes.has(memberId))
    .findIndex(({ memberId }) => memberId === self);
}

/** None during a suspicion: it would make every grant of the round late, and every seal old. */
function wishing(seen: RegionsSeen): RegionDecision | null {
  const { wish } = seen;
  if (wish === null) return null;
  if (isUneasy(seen)) return wait(`${wish.sentence}: not while a member is suspected`);
  return { do: 'propose', wanted: wish.value, sentence: wish.sentence };
}
