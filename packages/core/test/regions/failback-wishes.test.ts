// When groups are given back (REGION_FAILBACK=automatic), over one database: b lost a group to c, and c lost it to this region.
import type { MemberVote } from '../../src/domain/index.js';
import { FailbackWishes } from '../../src/regions/failback-wishes.js';
import { HandOvers } from '../../src/regions/hand-overs.js';
import { Database, HomeStore, RegionReader } from '../../src/store/index.js';
import { useHomes } from '../sql/regions/homes.js';
import { RecordingLogger } from '../support/recording-logger.js';

const AFTER_MS = 1_000;
const homes = useHomes();
const { db } = homes;
const vote: MemberVote = { suspected: [], sealed: [], accepted: false, lastEpoch: 3, copied: true };
let database: Database;
let nowMs = 0;
let wishes: FailbackWishes;

beforeEach(async () => {
  await homes.found();
  database = new Database({ url: db.url(), poolSize: 2 });
  const reader = new RegionReader(database);
  const now = (): number => nowMs;
  nowMs = 0;
  const handOvers = new HandOvers({ homes: new HomeStore(database), logger: new RecordingLogger(), now });
  wishes = new FailbackWishes({ reader, handOvers, afterMs: AFTER_MS, drainMs: 500, now });
  const tenant = homes.tenantOf('b');
  await homes.move(2, 'c', tenant);
  await homes.move(3, 'here', tenant);
  for (const epoch of [2, 3])
    await db.sql(
      `insert into workflow.topology (epoch, value, decided_at, learned_at) values ($1, '{"version": 1, "kind": "takeover"}', now(), now())`,
      [epoch],
    );
  await homes.adopt();
});
afterEach(() => database.close());

/** A look at that moment, while these answer. Answers where the group is on its way to. */
async function lookAt(ms: number, present: readonly string[], suspected: readonly string[] = []): Promise<string | null> {
  nowMs = ms;
  const reader = new RegionReader(database);
  const [mesh, members, placement] = [(await reader.mesh())!, await reader.members(), await reader.placement()];
  const votes = new Map(
    members.flatMap(({ memberId, region }) => (['here', ...present].includes(region) ? [[memberId, { ...vote, suspected }] as const] : [])),
  );
  const seen = {
    mesh,
    members,
    placement,
    votes,
    self: homes.members.here,
    epoch: 4,
    seals: [],
    suspicions: [],
    givenUp: new Set<string>(),
  };
  await wishes.wish(await homes.token(), seen);
  const moves = await db.sql<{ target: string }>('select target from workflow.group_moves');
  return moves[0]?.target ?? null;
}

it('goes to the first, when that has been well for as long as it must', async () => {
  expect(await lookAt(0, ['b', 'c'])).toBeNull();
  expect(await lookAt(AFTER_MS - 1, ['b', 'c'])).toBeNull();
  expect(await lookAt(AFTER_MS, ['b', 'c'])).toBe('b');
});

it('goes to the second, while the first is away', async () => {
  await lookAt(0, ['c']);
  expect(await lookAt(AFTER_MS, ['c'])).toBe('c');
});

it('the second does not get it while the first is there, but not well for long enough yet', async () => {
  await lookAt(0, ['c']);
  await lookAt(500, ['b', 'c']);
  expect(await lookAt(AFTER_MS, ['b', 'c'])).toBeNull();
  expect(await lookAt(500 + AFTER_MS, ['b', 'c'])).toBe('b');
});

it('whoever was away for a moment begins anew, and nothing is given back while somebody is suspected', async () => {
  await lookAt(0, ['b']);
  await lookAt(500, []);
  expect(await lookAt(AFTER_MS, ['b'])).toBeNull();
  expect(await lookAt(2 * AFTER_MS, ['b'], [homes.members.c])).toBeNull();
  expect(await lookAt(2 * AFTER_MS, ['b'])).toBe('b');
});
