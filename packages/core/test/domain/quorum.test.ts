import { positionOf, quorumOf } from '../../src/domain/index.js';

const members = (...confirmed: (string | null)[]) => confirmed.map((position) => ({ zone: 'global', confirmed: position }));

describe('a position in the log', () => {
  it('is ordered by both of its numbers', () => {
    expect(positionOf('1/0')).toBeGreaterThan(positionOf('0/FFFFFFFF'));
    expect(positionOf('0/A0')).toBe(160n);
  });
});

describe('a quorum', () => {
  it.each([
    [2, 1],
    [3, 1],
    [4, 2],
    [5, 2],
    [6, 3],
    [7, 3],
  ])('of %i members needs %i others (M10)', (count, needed) => {
    expect(quorumOf(members(...Array.from({ length: count }, () => null)), 'global').needed).toBe(needed);
  });

  it('of one member is none', () => {
    expect(quorumOf(members(null), 'global')).toEqual({ needed: 0, confirmed: null });
  });

  it('is the position that k others have reached, whoever they are', () => {
    expect(quorumOf(members(null, '0/10', '0/30'), 'global').confirmed).toBe(0x30n);
    expect(quorumOf(members(null, '0/10', '0/30', '0/20', '0/5'), 'global').confirmed).toBe(0x20n);
  });

  it('is not reached by fewer', () => {
    expect(quorumOf(members(null, null, null), 'global').confirmed).toBeNull();
    expect(quorumOf(members(null, '0/30', null, null, null), 'global').confirmed).toBeNull();
  });

  it("of a zone's rows counts the zone's members only", () => {
    const mixed = [
      { zone: 'de', confirmed: null },
      { zone: 'de', confirmed: '0/10' },
      { zone: 'us', confirmed: '0/30' },
      { zone: 'us', confirmed: '0/30' },
    ];
    expect(quorumOf(mixed, 'de')).toEqual({ needed: 1, confirmed: 0x10n });
    expect(quorumOf(mixed, 'global')).toEqual({ needed: 2, confirmed: 0x30n });
    expect(quorumOf([...mixed, { zone: 'fr', confirmed: null }], 'fr').needed).toBe(0);
  });
});
