// The steps of members (D7): which one is next, and what must be confirmed before it. Pure.
//
// joining -> full when it has copied; full -> retiring when it was silent for long, or an operator removes or resyncs it; retiring -> copying, and
// copying -> full when it has copied; retiring -> gone by an operator only. Who holds a group neither copies nor goes.
import { belongsTo, type RegionMember, type TopologySeen } from './region-choice.js';
import type { MemberState } from './topology-values.js';
import { VOTES } from './topology-values.js';

export interface MemberSeen extends RegionMember {
  /** Null: it does not answer. */
  readonly copied: boolean | null;
  readonly silentMs: number;
}

/** What an operator asked for: a region shall leave, or copy everything again. */
export type Asked = 'remove' | 'resync';

export interface Step {
  readonly member: RegionMember;
  readonly state: MemberState;
  readonly sentence: string;
}

/** The first step that is due; null: none. `asked`: region -> what an operator asked for; `askers`: region -> who that was. */
export function nextStep(
  members: readonly MemberSeen[],
  { placement }: Pick<TopologySeen, 'placement'>,
  {
    asked,
    askers,
    retireAfterMs,
  }: { asked: ReadonlyMap<string, Asked>; askers?: ReadonlyMap<string, string> | undefined; retireAfterMs: number },
): Step | null {
  const holders = new Set(placement.map(({ memberId }) => memberId));
  for (const member of members) {
    const asker = askers?.get(member.region) ?? 'an operator';
    const step = stepOf(member, holders.has(member.memberId), { asked: asked.get(member.region) ?? null, asker, retireAfterMs });
    if (step !== null) return { member, ...step };
  }
  return null;
}

function stepOf(
  { region, state, copied, silentMs }: MemberSeen,
  holds: boolean,
  { asked, asker, retireAfterMs }: { asked: Asked | null; asker: string; retireAfterMs: number },
): Omit<Step, 'member'> | null {
  switch (state) {
    case 'joining':
      if (asked === 'remove') return { state: 'gone', sentence: `${asker} removes ${region}` };
      return copied === true ? { state: 'full', sentence: `${region} has copied what every home has` } : null;
    case 'full':
      if (asked !== null) return { state: 'retiring', sentence: `${asker} asked to ${asked} ${region}` };
      return silentMs >= retireAfterMs ? { state: 'retiring', sentence: `${region} has been silent for ${Math.round(silentMs)} ms` } : null;
    case 'retiring':
      if (holds) return null;
      if (asked === 'remove') return { state: 'gone', sentence: `${region} holds no group, and ${asker} removes it` };
      return { state: 'copying', sentence: `${region} holds no group: it copies again` };
    case 'copying':
      if (asked === 'remove') return { state: 'gone', sentence: `${asker} removes ${region}` };
      return copied === true ? { state: 'full', sentence: `${region} has copied what every home has` } : null;
    case 'gone':
      return null;
  }
}

export interface BarrierSeen {
  readonly knows: boolean;
  readonly leaseIsNewer: boolean;
  readonly marked: boolean;
  /** Members that have confirmed what this home wrote before. */
  readonly confirmed: readonly string[];
}

/**
 * Why a step has to wait for the homes (null: it need not): each of them knows the last step, has a lease that was won under it or none, and all that it
 * wrote before is confirmed by k full members other than the one that steps, in each zone whose groups it holds; k of the number after the step. A home
 * whose groups have k = 0 need not answer, nor one that a majority has sealed and that holds groups only of zones in which the stepping member is not.
 */
export function whyNotStep(
  { member, state }: Pick<Step, 'member' | 'state'>,
  { members, placement }: TopologySeen,
  { answers, sealed }: { answers: ReadonlyMap<string, BarrierSeen>; sealed: ReadonlySet<string> },
): string | null {
  const after = [...members.filter(({ memberId }) => memberId !== member.memberId), { ...member, state }];
  for (const home of members) {
    const zones = [...new Set(placement.filter(({ memberId }) => memberId === home.memberId).map(({ zone }) => zone))];
    const bound = zones.filter((zone) => quorumOf(after, zone) > 0);
    if (bound.length === 0 || (sealed.has(home.memberId) && !bound.some((zone) => belongsTo(member, zone)))) continue;
    const answer = answers.get(home.memberId);
    if (answer === undefined) return `${home.region} has not said that it knows of the step before`;
    if (!answer.knows) return `${home.region} does not know of the step before`;
    if (!answer.leaseIsNewer) return `${home.region} still has a lease from before the last step`;
    if (!answer.marked) return `${home.region} has not adopted all of its groups yet`;
    for (const zone of bound) {
      const others = members.filter(
        (other) => countsFor(other, zone) && other.memberId !== home.memberId && other.memberId !== member.memberId,
      );
      const confirmed = others.filter(({ memberId }) => answer.confirmed.includes(memberId)).length;
      // From one member to two nobody else is there to confirm; whoever joins has copied all of it.
      const needed = Math.min(quorumOf(after, zone), others.length);
      if (confirmed < needed) return `${confirmed} of ${needed} members have confirmed what ${home.region} wrote before`;
    }
  }
  return null;
}

function countsFor(member: RegionMember, zone: string): boolean {
  return member.state === 'full' && belongsTo(member, zone);
}

/** k: how many others confirm what is acknowledged. */
function quorumOf(members: readonly RegionMember[], zone: string): number {
  return Math.floor(members.filter((member) => VOTES[member.state] && belongsTo(member, zone)).length / 2);
}
