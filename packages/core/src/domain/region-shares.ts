// Which groups go where when nobody was lost (R4, R10): pure. Every home computes it alike from the placement that it knows, and hands out its own groups only.
//
// A newcomer takes an even share of each zone's groups, from the fullest first, and no group moves between the others. Whatever part of that has been carried
// out already, by whichever homes, the rest is the same: so homes that know different epochs never hand out more than all of them together should.
//
// Limit: groups of single tenants are nobody's share: they were split off so that somebody says where they are.
import type { PlacedGroup, RegionMember, TopologySeen } from './region-choice.js';
import { belongsTo } from './region-choice.js';

export interface HandOver {
  readonly group: string;
  /** Member id. */
  readonly to: string;
}

const OWN_GROUP = 'tenant/';

export const isOfOneTenant = ({ group }: Pick<PlacedGroup, 'group'>): boolean => group.startsWith(OWN_GROUP);

/** What `self` still has to hand to newcomers: of each zone to one of them, the first by name that lacks some. */
export function sharesOf(newcomers: ReadonlySet<string>, { members, placement }: TopologySeen, self: string): HandOver[] {
  return zonesOf(placement).flatMap((zone) => {
    const { share, held, full } = shareOf(zone, { members, placement });
    const taker = full.find(({ memberId }) => newcomers.has(memberId) && held.get(memberId)!.length < share);
    if (taker === undefined) return [];
    const missing = share - held.get(taker.memberId)!.length;
    const handed = handedBy(self, { missing, share, givers: full.map(({ memberId }) => ({ memberId, left: held.get(memberId)!.length })) });
    return (held.get(self) ?? []).slice(0, handed).map((group) => ({ group, to: taker.memberId }));
  });
}

/** Full members that hold less of a zone than their share: newcomers, or such as were emptied. */
export function belowShare(topology: TopologySeen): string[] {
  const below = zonesOf(topology.placement).flatMap((zone) => {
    const { share, held, full } = shareOf(zone, topology);
    return full.filter(({ memberId }) => held.get(memberId)!.length < share).map(({ memberId }) => memberId);
  });
  return [...new Set(below)];
}

/** Each of the groups to the target that has fewest then; null: nobody of them may have one of the groups. `load`: member id -> groups that it has already. */
export function spread(
  groups: readonly PlacedGroup[],
  targets: readonly RegionMember[],
  load: ReadonlyMap<string, number>,
): { readonly handOvers: readonly HandOver[]; readonly left: readonly PlacedGroup[] } {
  const loads = new Map(targets.map(({ memberId }) => [memberId, load.get(memberId) ?? 0]));
  const handOvers: HandOver[] = [];
  const left: PlacedGroup[] = [];
  for (const placed of groups.toSorted(byName)) {
    const [best] = targets
      .filter((target) => belongsTo(target, placed.zone))
      .toSorted((a, b) => loads.get(a.memberId)! - loads.get(b.memberId)! || (a.region < b.region ? -1 : 1));
    if (best === undefined) left.push(placed);
    else {
      handOvers.push({ group: placed.group, to: best.memberId });
      loads.set(best.memberId, loads.get(best.memberId)! + 1);
    }
  }
  return { handOvers, left };
}

/** The first of a tenant's fallback regions that lives and may have its rows; null: none of them does. */
export function firstFallback(fallbacks: readonly string[], zone: string, living: readonly RegionMember[]): RegionMember | null {
  const may = living.filter((member) => member.state === 'full' && belongsTo(member, zone));
  for (const name of fallbacks) {
    const member = may.find(({ region }) => region === name);
    if (member !== undefined) return member;
  }
  return null;
}

function zonesOf(placement: readonly PlacedGroup[]): string[] {
  return [...new Set(placement.filter((placed) => !isOfOneTenant(placed)).map(({ zone }) => zone))].toSorted();
}

/** What is even in a zone, and who has what of it. */
function shareOf(zone: string, { members, placement }: TopologySeen) {
  const dealt = placement.filter((placed) => placed.zone === zone && !isOfOneTenant(placed)).toSorted(byName);
  const full = members
    .filter((member) => member.state === 'full' && belongsTo(member, zone))
    .toSorted((a, b) => (a.region < b.region ? -1 : 1));
  const held = new Map(members.map(({ memberId }) => [memberId, [] as string[]]));
  for (const { group, memberId } of dealt) held.get(memberId)?.push(group);
  return { share: full.length === 0 ? 0 : Math.floor(dealt.length / full.length), held, full };
}

/** How many of what is missing `self` gives: one after the other from whoever has most then, of equals the first by name, and of nobody below the share. */
function handedBy(self: string, order: { missing: number; share: number; givers: readonly { memberId: string; left: number }[] }): number {
  const givers = order.givers.map((giver) => ({ ...giver }));
  let handed = 0;
  for (let missing = order.missing; missing > 0; missing -= 1) {
    const [fullest] = givers.toSorted((a, b) => b.left - a.left); // a stable sort: equals stay in the order of their names
    if (fullest === undefined || fullest.left <= order.share) break;
    fullest.left -= 1;
    if (fullest.memberId === self) handed += 1;
  }
  return handed;
}

const byName = (a: PlacedGroup, b: PlacedGroup): number => (a.group < b.group ? -1 : 1);
