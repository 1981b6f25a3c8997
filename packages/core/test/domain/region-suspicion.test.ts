import { type GrantCount, suspicionsOf, watchGrants, type GrantWatches } from '../../src/domain/index.js';

const rules = { leaseMs: 1_000, marginMs: 200 };
const X = 'x';
const TAKEABLE = new Set([X]);

/** What a monitor says at its last look; each look is [ms, grants, calls with a lease]. */
function after(looks: readonly (readonly [number, number, number])[], more: { leaseMs?: number; takeable?: ReadonlySet<string> } = {}) {
  let watches: GrantWatches = new Map();
  let nowMs = 0;
  for (const [atMs, grants, liveCalls] of looks) {
    nowMs = atMs;
    const counts: GrantCount[] = [{ memberId: X, grants, liveCalls, leaseMs: more.leaseMs ?? null }];
    watches = watchGrants(watches, counts, { members: [X], nowMs, leaseMs: rules.leaseMs });
  }
  return suspicionsOf(watches, more.takeable ?? TAKEABLE, { nowMs, marginMs: rules.marginMs });
}

describe('a member is suspected', () => {
  it('when it has had no grant for its lease and the margin, counted from when that was first seen', () => {
    expect(
      after([
        [0, 5, 5],
        [1_199, 5, 5],
      ]),
    ).toEqual([]);
    expect(
      after([
        [0, 5, 5],
        [1_200, 5, 5],
      ]),
    ).toEqual([{ memberId: X, grantsSeen: 5, granting: false }]);
    expect(
      after([
        [0, 5, 5],
        [1_100, 6, 6],
        [1_300, 6, 6],
      ]),
    ).toEqual([]);
  });

  it('when it never called at all', () => {
    expect(
      suspicionsOf(
        watchGrants(watchGrants(new Map(), [], { members: [X], nowMs: 0, leaseMs: 1_000 }), [], {
          members: [X],
          nowMs: 1_200,
          leaseMs: 1_000,
        }),
        TAKEABLE,
        { nowMs: 1_200, marginMs: 200 },
      ),
    ).toEqual([{ memberId: X, grantsSeen: 0, granting: false }]);
  });

  it('though it is granted to, when it says for as long that it has no lease', () => {
    expect(
      after([
        [0, 5, 5],
        [600, 6, 5],
        [1_200, 7, 5],
      ]),
    ).toEqual([{ memberId: X, grantsSeen: 7, granting: true }]);
    expect(
      after([
        [0, 5, 5],
        [600, 6, 5],
        [1_200, 7, 6],
      ]),
    ).toEqual([]);
  });

  it('and no more granted to, when nothing was granted for as long since', () => {
    expect(
      after([
        [0, 5, 5],
        [600, 7, 5],
        [1_200, 7, 5],
        [1_799, 7, 5],
      ]),
    ).toMatchObject([{ granting: true }]);
    expect(
      after([
        [0, 5, 5],
        [600, 7, 5],
        [1_200, 7, 5],
        [1_800, 7, 5],
      ]),
    ).toMatchObject([{ granting: false }]);
  });

  it('after its own lease, where it says that its leases are longer', () => {
    expect(
      after(
        [
          [0, 5, 5],
          [2_000, 5, 5],
        ],
        { leaseMs: 3_000 },
      ),
    ).toEqual([]);
    expect(
      after(
        [
          [0, 5, 5],
          [3_200, 5, 5],
        ],
        { leaseMs: 3_000 },
      ),
    ).toHaveLength(1);
  });

  it('only if it holds something that those who answer could take', () => {
    expect(
      after(
        [
          [0, 5, 5],
          [9_000, 5, 5],
        ],
        { takeable: new Set() },
      ),
    ).toEqual([]);
  });
});
