// How moves begin, over one database: how many at once, to whom, and what waits.
import type { MemberVote } from '../../src/domain/index.js';
import { HandOvers } from '../../src/regions/hand-overs.js';
import type { Observed } from '../../src/regions/index.js';
import { Database, HomeStore, RegionReader } from '../../src/store/index.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { useHomes } from '../sql/regions/homes.js';

const homes = useHomes();
const { db } = homes;
const vote: MemberVote = { suspected: [], sealed: [], accepted: false, lastEpoch: 1, copied: true };
let database: Database;
let nowMs = 0;
let handOvers: HandOvers;
const logger = new RecordingLogger();

beforeEach(async () => {
  await homes.found();
  database = new Database({ url: db.url(), poolSize: 2 });
  handOvers = new HandOvers({ homes: new HomeStore(database), logger, now: () => nowMs });
});
afterEach(() => database.close());

async function seen(more: { silent?: string[]; suspected?: string[] } = {}): Promise<Omit<Observed, 'wish' | 'waitingMs'>> {
  const reader = new RegionReader(database);
  const [mesh, members, placement] = [(await reader.mesh())!, await reader.members(), await reader.placement()];
  const votes = new Map(
    members.flatMap(({ memberId, region }) =>
      more.silent?.includes(region) ? [] : [[memberId, { ...vote, suspected: more.suspected ?? [] }] as const],
    ),
  );
  return { mesh, members, placement, votes, self: homes.members.here, epoch: 2, seals: [], suspicions: [], givenUp: new Set() };
}

/** So many groups that are at home here, to b and c in turn. */
const groups = async (count: number): Promise<Map<string, string>> => {
  const rows = await db.sql<{ group: string }>(
    `select placement_group as group from workflow.placement where region = 'here' order by 1 limit ${count}`,
  );
  return new Map(rows.map(({ group }, at) => [group, at % 2 === 0 ? 'b' : 'c']));
};

const begin = async (given: ReadonlyMap<string, string>, drainMs = 500, more = {}) =>
  handOvers.begin(await homes.token(), { groups: given, drainMs, why: 'somebody wants it' }, await seen(more));

it('sixteen groups are on their way at once, and the next ones when there is room; with a long time to finish all of them', async () => {
  const all = await groups(40);
  expect(await begin(all)).toBe(16);
  expect(await begin(all)).toBe(0);
  expect(logger.events('region_decided').map(({ reason }) => reason)).toEqual([
    '8 groups go to b: somebody wants it',
    '8 groups go to c: somebody wants it',
  ]);
  await db.sql('delete from workflow.group_moves where placement_group in (select placement_group from workflow.group_moves limit 3)');
  expect(await begin(all)).toBe(3);
  expect(await begin(all, 60_000)).toBe(24);
});

it('nothing begins while a member is suspected, or to one that does not answer, or failed a moment ago', async () => {
  const two = await groups(2);
  expect(await begin(two, 500, { suspected: [homes.members.c] })).toBe(0);
  expect(await begin(two, 500, { silent: ['b'] })).toBe(1);
  await db.sql('delete from workflow.group_moves');
  handOvers.avoid(homes.members.b);
  expect(await begin(two)).toBe(1);
  nowMs += 60_001;
  expect(await begin(two)).toBe(1);
});

it('a group that is not adopted yet waits, and the command that wants it moved does not fail', async () => {
  await homes.move(2, 'here', homes.tenantOf('b'));
  const given = new Map([[await homes.groupOf(homes.tenantOf('b')), 'c']]);
  expect(await begin(given)).toBe(0);
  await homes.adopt();
  expect(await begin(given)).toBe(1);
});
