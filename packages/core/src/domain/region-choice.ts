// What a proposer with promises of a majority proposes (D6): pure. The value accepted in the highest ballot, if any was; else a takeover from a member that
// a majority of all members has sealed; else what it wanted itself, or nothing.
//
// A takeover gives each group to the full member that has most of it among those that sealed: the highest rank; equal ranks are spread evenly. Because a
// majority sealed, its lease has run out; because k of N confirmed what was acknowledged and N - k sealed, somebody among them has it (R6, R13).
import { type MemberState, NOTHING, type TakeoverValue, type TopologyValue, VOTES } from './topology-values.js';

export interface RegionMember {
  readonly memberId: string;
  readonly region: string;
  readonly zone: string;
  readonly state: MemberState;
}

export interface PlacedGroup {
  readonly group: string;
  /** `global`, or the residency zone that its rows stay in. */
  readonly zone: string;
  readonly memberId: string;
}

export interface GroupRank {
  /** Epoch of the latest adoption of the group that the member has applied; 0: none. */
  readonly adoption: number;
  /** What it has applied of the stream of whoever adopted it, as a pg_lsn. */
  readonly position: string;
}

export interface Promised {
  readonly memberId: string;
  readonly acceptedBallot: number | null;
  readonly acceptedValue: TopologyValue | null;
  /** RegionMember sealed for this epoch -> group -> rank. */
  readonly seals: Readonly<Record<string, Readonly<Record<string, GroupRank>>>>;
  /** Of those, since this member granted it a lease last, in ms; a member of an older release does not say. */
  readonly silentMs?: Readonly<Record<string, number>>;
}

export interface TopologySeen {
  /** All that are not gone. */
  readonly members: readonly RegionMember[];
  readonly placement: readonly PlacedGroup[];
}

export function voters(members: readonly RegionMember[]): readonly RegionMember[] {
  return members.filter(({ state }) => VOTES[state]);
}

export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** Of a zone's N members, how many must have sealed so that every acknowledgement of k others meets one of them: N - k, k = floor(N/2) (R13). */
export function sealsNeeded(members: readonly RegionMember[], zone: string): number {
  const count = members.filter((member) => VOTES[member.state] && belongsTo(member, zone)).length;
  return count - Math.floor(count / 2);
}

export function belongsTo(member: RegionMember, zone: string): boolean {
  return zone === 'global' || member.zone === zone;
}

/** `promises`: of a majority, each of another voting member. */
export function chooseValue(promises: readonly Promised[], topology: TopologySeen, wanted: TopologyValue | null): TopologyValue {
  const accepted = acceptedValue(promises);
  if (accepted !== null) return accepted;
  return takeoverOf(promises, topology, majorityOf(voters(topology.members).length)) ?? wanted ?? NOTHING;
}

export function acceptedValue(promises: readonly Promised[]): TopologyValue | null {
  const [highest] = promises.filter((one) => one.acceptedBallot !== null).toSorted((a, b) => b.acceptedBallot! - a.acceptedBallot!);
  return highest?.acceptedValue ?? null;
}

/** One member at a time: of those that `needed` members have sealed, and of which something can be taken, the one that most have. */
export function takeoverOf(promises: readonly Promised[], { members, placement }: TopologySeen, needed: number): TakeoverValue | null {
  const candidates = members
    .map((member) => ({ member, sealers: promises.filter(({ seals }) => member.memberId in seals) }))
    .filter(({ sealers }) => sealers.length >= needed)
    .toSorted((a, b) => b.sealers.length - a.sealers.length || (a.member.region < b.member.region ? -1 : 1));
  for (const { member, sealers } of candidates) {
    const groups = heirsOf(member, sealers, { members, placement });
    if (Object.keys(groups).length === 0) continue;
    return { version: 1, kind: 'takeover', from: member.memberId, region: member.region, groups, ...toldOf([member], sealers) };
  }
  return null;
}

/** What the sentence about a takeover needs besides: by the clock of whoever granted last, for a lease counts from any of them. */
function toldOf(deposed: readonly RegionMember[], sealers: readonly Promised[]): Pick<TakeoverValue, 'sealed_by' | 'without_ms'> {
  const silent = deposed.flatMap(({ memberId }) => sealers.flatMap(({ silentMs }) => silentMs?.[memberId] ?? []));
  const sealed_by = sealers.map(({ memberId }) => memberId).toSorted();
  return { sealed_by, ...(silent.length === 0 ? {} : { without_ms: Math.min(...silent) }) };
}

/**
 * What an operator forces without a majority (D9): the groups of all that are lost go to those that sealed them, by rank as ever, in a new mesh. Null: not
 * every one of the lost is sealed by everybody who promised.
 */
export function forcedTakeover(
  promises: readonly Promised[],
  topology: TopologySeen,
  { lost, meshId, formerMeshId, why }: { lost: readonly string[]; meshId: string; formerMeshId: string; why: string },
): TakeoverValue | null {
  const deposed = topology.members.filter(({ memberId }) => lost.includes(memberId));
  if (deposed.length === 0 || !deposed.every(({ memberId }) => promises.every(({ seals }) => memberId in seals))) return null;
  const left = topology.members.filter(({ memberId }) => !lost.includes(memberId));
  const groups = Object.assign({}, ...deposed.map((member) => heirsOf(member, promises, { ...topology, members: left }))) as Record<
    string,
    string
  >;
  const [first] = deposed;
  const region = deposed.map((member) => member.region).join(', ');
  const told = { ...toldOf(deposed, promises), why };
  return {
    version: 1,
    kind: 'takeover',
    from: first!.memberId,
    region,
    groups,
    lost,
    mesh_id: meshId,
    former_mesh_id: formerMeshId,
    ...told,
  };
}

/** For each group of `deposed` that those who sealed it may take, who gets it. */
export function heirsOf(deposed: RegionMember, sealers: readonly Promised[], { members, placement }: TopologySeen): Record<string, string> {
  const byId = new Map(members.map((member) => [member.memberId, member]));
  const load = new Map<string, number>();
  for (const { memberId } of placement) load.set(memberId, (load.get(memberId) ?? 0) + 1);
  const heirs: Record<string, string> = {};
  for (const { group, zone } of placement.filter(({ memberId }) => memberId === deposed.memberId).toSorted(byGroup)) {
    const inZone = sealers.filter(({ memberId }) => belongsTo(byId.get(memberId)!, zone));
    if (inZone.length < sealsNeeded(members, zone)) continue;
    const ranked = inZone.flatMap(({ memberId, seals }) => {
      const rank = seals[deposed.memberId]![group];
      const member = byId.get(memberId)!;
      return rank === undefined || (member.state !== 'full' && member.state !== 'retiring') ? [] : [{ member, rank }];
    });
    const heir = bestOf(ranked, load);
    if (heir === null) continue;
    heirs[group] = heir.memberId;
    load.set(heir.memberId, (load.get(heir.memberId) ?? 0) + 1);
  }
  return heirs;
}

const byGroup = (a: PlacedGroup, b: PlacedGroup): number => (a.group < b.group ? -1 : 1);

/** The highest rank; of equals a full member before one that retires, then whoever holds fewest groups, then by name. */
function bestOf(ranked: readonly { member: RegionMember; rank: GroupRank }[], load: ReadonlyMap<string, number>): RegionMember | null {
  const [first] = ranked.toSorted((a, b) => compareRanks(b.rank, a.rank));
  if (first === undefined) return null;
  const equals = ranked.filter(({ rank }) => compareRanks(rank, first.rank) === 0).map(({ member }) => member);
  const [best] = equals.toSorted(
    (a, b) =>
      Number(a.state === 'retiring') - Number(b.state === 'retiring') ||
      (load.get(a.memberId) ?? 0) - (load.get(b.memberId) ?? 0) ||
      (a.region < b.region ? -1 : 1),
  );
  return best ?? null;
}

export function compareRanks(a: GroupRank, b: GroupRank): number {
  if (a.adoption !== b.adoption) return a.adoption - b.adoption;
  const [left, right] = [lsnOf(a.position), lsnOf(b.position)];
  return left === right ? 0 : left < right ? -1 : 1;
}

function lsnOf(position: string): bigint {
  const [high, low] = position.split('/') as [string, string];
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
