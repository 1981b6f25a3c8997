import {
  chooseValue,
  compareRanks,
  type GroupRank,
  heirsOf,
  type MemberState,
  NOTHING,
  type Promised,
  type RegionMember,
  sealsNeeded,
  type TopologyValue,
} from '../../src/domain/index.js';

const member = (region: string, more: Partial<RegionMember> = {}): RegionMember => ({
  memberId: `id-${region}`,
  region,
  zone: 'global',
  state: 'full',
  ...more,
});
const three = ['a', 'b', 'c'].map((region) => member(region));
const placed = (region: string, ...groups: string[]) =>
  groups.map((group) => ({ group, zone: group.split('/')[0]!, memberId: `id-${region}` }));
const rank = (adoption: number, position: string): GroupRank => ({ adoption, position });

/** A promise of `region`, which has sealed c with the same rank for every group, or with these. */
function promise(
  region: string,
  more: { ballot?: number; value?: TopologyValue; ranks?: Record<string, GroupRank>; sealed?: string } = {},
): Promised {
  const { ballot = null, value = null, ranks, sealed = 'id-c' } = more;
  return { memberId: `id-${region}`, acceptedBallot: ballot, acceptedValue: value, seals: ranks === undefined ? {} : { [sealed]: ranks } };
}

const topology = {
  members: three,
  placement: [...placed('a', 'global/0'), ...placed('b', 'global/1'), ...placed('c', 'global/2', 'global/5')],
};
const equal = { 'global/2': rank(1, '0/10'), 'global/5': rank(1, '0/10') };
const move: TopologyValue = { version: 1, kind: 'move', from: 'id-a', groups: { 'global/0': 'id-b' } };

describe('a proposer with promises of a majority', () => {
  it('proposes the value accepted in the highest ballot, whatever it wanted and whoever is sealed', () => {
    const older = promise('a', { ballot: 1, value: move, ranks: equal });
    const newer = promise('b', { ballot: 2, value: { ...NOTHING }, ranks: equal });
    expect(chooseValue([older, newer], topology, move)).toEqual(NOTHING);
  });

  it('takes the groups of whom a majority has sealed, equal ranks spread evenly', () => {
    expect(chooseValue([promise('a', { ranks: equal }), promise('b', { ranks: equal })], topology, move)).toEqual({
      version: 1,
      kind: 'takeover',
      from: 'id-c',
      region: 'c',
      groups: { 'global/2': 'id-a', 'global/5': 'id-b' },
      sealed_by: ['id-a', 'id-b'],
    });
  });

  it('says who sealed, and since when nobody granted a lease to whom it takes from', () => {
    const silent = (region: string, ms: number) => ({ ...promise(region, { ranks: equal }), silentMs: { 'id-c': ms } });
    const value = chooseValue([silent('b', 9_000), silent('a', 8_123), promise('c')], topology, move);
    expect(value).toMatchObject({ kind: 'takeover', sealed_by: ['id-a', 'id-b'], without_ms: 8_123 });
  });

  it('takes nothing from whom fewer have sealed, though all promised', () => {
    const promises = [promise('a', { ranks: equal }), promise('b'), promise('c')];
    expect(chooseValue(promises, topology, move)).toBe(move);
    expect(chooseValue(promises, topology, null)).toEqual(NOTHING);
  });
});

describe('the heir of a group', () => {
  const heirs = (promises: Promised[], members: RegionMember[] = three) =>
    heirsOf(members[2]!, promises, { members, placement: topology.placement });

  it('is who has applied the latest adoption, before any position', () => {
    const ranks = (adoption: number, position: string) => ({ 'global/2': rank(adoption, position), 'global/5': rank(1, '0/1') });
    expect(heirs([promise('a', { ranks: ranks(1, 'FF/0') }), promise('b', { ranks: ranks(2, '0/1') })])['global/2']).toBe('id-b');
  });

  it('is who is furthest in the stream of whoever adopted it', () => {
    const at = (position: string) => ({ 'global/2': rank(1, position), 'global/5': rank(1, position) });
    expect(heirs([promise('a', { ranks: at('0/FFFFFFFF') }), promise('b', { ranks: at('1/0') })])).toEqual({
      'global/2': 'id-b',
      'global/5': 'id-b',
    });
  });

  it('is no member that retires, unless it alone has the highest rank', () => {
    const members = [member('a', { state: 'retiring' }), member('b'), member('c')];
    const better = { 'global/2': rank(2, '0/1'), 'global/5': rank(1, '0/10') };
    expect(heirs([promise('a', { ranks: better }), promise('b', { ranks: equal })], members)).toEqual({
      'global/2': 'id-a',
      'global/5': 'id-b',
    });
  });

  it('is no member that copies: it has no rank', () => {
    const members = [member('a', { state: 'copying' as MemberState }), member('b'), member('c')];
    expect(heirs([promise('a', { ranks: {} }), promise('b', { ranks: equal })], members)).toEqual({
      'global/2': 'id-b',
      'global/5': 'id-b',
    });
  });

  it('of a zone is in the zone; without enough seals of the zone the group stays where it is', () => {
    const members = [member('a', { zone: 'eu' }), member('b', { zone: 'us' }), member('c', { zone: 'eu' }), member('d', { zone: 'us' })];
    const placement = [...placed('c', 'eu/0', 'global/2')];
    const ranks = { 'eu/0': rank(1, '0/1'), 'global/2': rank(1, '0/1') };
    const sealedBy = (...regions: string[]) =>
      heirsOf(
        members[2]!,
        regions.map((region) => promise(region, { ranks })),
        { members, placement },
      );
    expect(sealedBy('a', 'b', 'd')).toEqual({ 'eu/0': 'id-a', 'global/2': 'id-b' });
    expect(sealedBy('b', 'd')).toEqual({ 'global/2': 'id-b' });
  });
});

describe('seals that are needed', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
  ])('of %d members are %d: they meet every acknowledgement of floor(N/2) others', (count, needed) => {
    const members = Array.from({ length: count }, (_, at) => member(`r${at}`));
    expect(sealsNeeded(members, 'global')).toBe(needed);
  });

  it('count members that vote, of the zone only', () => {
    const members = [member('a', { zone: 'eu' }), member('b', { zone: 'eu', state: 'joining' }), member('c', { zone: 'us' })];
    expect(sealsNeeded(members, 'eu')).toBe(1);
  });
});

describe('ranks', () => {
  it('compare positions as numbers, not as text', () => {
    expect(compareRanks(rank(1, '0/9'), rank(1, '0/10'))).toBeLessThan(0);
    expect(compareRanks(rank(1, 'A/0'), rank(1, '9/FFFFFFFF'))).toBeGreaterThan(0);
    expect(compareRanks(rank(1, '0/A'), rank(1, '0/A'))).toBe(0);
  });
});
