import fc from 'fast-check';
import { belowShare, firstFallback, type HandOver, type PlacedGroup, type RegionMember, sharesOf, spread } from '../../src/domain/index.js';

const member = (region: string, more: Partial<RegionMember> = {}): RegionMember => ({
  memberId: region, region, zone: 'global', state: 'full', ...more,
}); // prettier-ignore

/** So many groups of a zone at each region, dealt round as long as there are some. */
function placed(counts: Readonly<Record<string, number>>, zone = 'global'): PlacedGroup[] {
  return Object.entries(counts).flatMap(([memberId, count]) =>
    Array.from({ length: count }, (_, at) => ({ group: `${zone}/${memberId}${String(at).padStart(3, '0')}`, zone, memberId })),
  );
}

function countsOf(placement: readonly PlacedGroup[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { memberId } of placement) counts[memberId] = (counts[memberId] ?? 0) + 1;
  return counts;
}

const after = (placement: readonly PlacedGroup[], handOvers: readonly HandOver[]): PlacedGroup[] => {
  const to = new Map(handOvers.map((one) => [one.group, one.to]));
  return placement.map((one) => ({ ...one, memberId: to.get(one.group) ?? one.memberId }));
};

const members = ['a', 'b', 'c', 'd'].map((region) => member(region));
const everybody = (newcomers: readonly string[], placement: readonly PlacedGroup[], among = members): HandOver[] =>
  among.flatMap(({ memberId }) => sharesOf(new Set(newcomers), { members: among, placement }, memberId));

describe('the share of a region that joins', () => {
  it('is an even part of all groups, from the fullest first; nothing moves between the others', () => {
    const before = placed({ a: 86, b: 85, c: 85 });
    const handOvers = everybody(['d'], before);
    expect(new Set(handOvers.map(({ to }) => to))).toEqual(new Set(['d']));
    expect(countsOf(after(before, handOvers))).toEqual({ a: 64, b: 64, c: 64, d: 64 });
    expect(countsOf(after(placed({ a: 200, b: 40, c: 16 }), everybody(['d'], placed({ a: 200, b: 40, c: 16 }))))).toEqual({
      a: 136,
      b: 40,
      c: 16,
      d: 64,
    });
  });

  it('is nothing for a region that is no newcomer, though it holds nothing', () => {
    expect(belowShare({ members, placement: placed({ a: 86, b: 85, c: 85 }) })).toEqual(['d']);
    expect(everybody([], placed({ a: 86, b: 85, c: 85 }))).toEqual([]);
  });

  it('leaves tenants with a group of their own where they are', () => {
    const before = [...placed({ a: 4 }), ...['x', 'y', 'z'].map((t) => ({ group: `tenant/${t}`, zone: 'global', memberId: 'a' }))];
    const two = [member('a'), member('b')];
    expect(everybody(['b'], before, two).map(({ group }) => group)).toEqual(['global/a000', 'global/a001']);
  });

  it('is of the zones that it is in, and of what may be anywhere', () => {
    const zoned = [member('a', { zone: 'eu' }), member('b', { zone: 'us' }), member('d', { zone: 'eu' })];
    const before = [...placed({ a: 3, b: 3 }), ...placed({ a: 6 }, 'eu'), ...placed({ b: 6 }, 'us')];
    const handOvers = everybody(['d'], before, zoned);
    expect(handOvers.map(({ group }) => group).toSorted()).toEqual(['eu/a000', 'eu/a001', 'eu/a002', 'global/a000', 'global/b000']);
  });

  it('goes to one newcomer after the other', () => {
    const before = placed({ a: 50, b: 50 });
    const first = everybody(['c', 'd'], before);
    expect(new Set(first.map(({ to }) => to))).toEqual(new Set(['c']));
    const then = after(before, first);
    expect(countsOf(after(then, everybody(['c', 'd'], then)))).toEqual({ a: 25, b: 25, c: 25, d: 25 });
  });

  it('ends the same whichever homes hand over first, and how few at a time', () => {
    const homes = fc.record({ a: fc.nat(90), b: fc.nat(90), c: fc.nat(90), d: fc.nat(20) });
    fc.assert(
      fc.property(homes, fc.infiniteStream(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 7 }))), (counts, steps) => {
        let placement = placed(counts);
        const total = placement.length;
        const atOnce = after(placement, everybody(['d'], placement));
        for (let waiting = 0; waiting < 50 && everybody(['d'], placement).length > 0;) {
          const [home, count] = steps.next().value!;
          const some = sharesOf(new Set(['d']), { members, placement }, members[home]!.memberId).slice(0, count);
          waiting = some.length === 0 ? waiting + 1 : 0;
          placement = after(placement, some);
        }
        expect(countsOf(placement)).toEqual(countsOf(atOnce));
        expect(countsOf(placement)['d'] ?? 0).toBeLessThanOrEqual(Math.max(counts.d, Math.ceil(total / 4)));
      }),
    );
  });
});

describe('groups that are handed out', () => {
  it('go to whoever has fewest, of the zone that they belong to', () => {
    const given = placed({ a: 5 });
    const { handOvers } = spread(given, [member('b'), member('c')], new Map([['b', 10], ['c', 12]])); // prettier-ignore
    expect(countsOf(after(given, handOvers))).toEqual({ b: 4, c: 1 });
    const { left } = spread(placed({ a: 2 }, 'eu'), [member('b', { zone: 'us' })], new Map());
    expect(left).toHaveLength(2);
  });
});

describe('the fallback of a tenant', () => {
  const living = [member('a'), member('b', { zone: 'eu' }), member('c', { state: 'retiring' })];

  it.each<[string, string[], string, string | null]>([
    ['the first that lives', ['d', 'b', 'a'], 'global', 'b'],
    ['one that may have its rows', ['a', 'b'], 'eu', 'b'],
    ['nobody who leaves', ['c'], 'global', null],
    ['nobody where none lives', ['d'], 'global', null],
  ])('is %s', (_, fallbacks, zone, expected) => {
    expect(firstFallback(fallbacks, zone, living)?.region ?? null).toBe(expected);
  });
});
