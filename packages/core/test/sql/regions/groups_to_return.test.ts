// To whom a group goes back (D8): histories of one tenant's group, as the log has them, and what each says when the others are there again.
import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';
import { Database, RegionReader } from '../../../src/store/index.js';

/** `present`: who is there; default: all others. */
type Answer = { readonly to: string | null; readonly present?: readonly string[] };

const GROUP = 'tenant/x';
const NAMES = ['ap', 'eu', 'sa', 'us'];
const db = useTestDatabase();
const ids: Record<string, string> = {};
let database: Database;
let reader: RegionReader;
let epoch = 0;

async function decide(value: object): Promise<void> {
  await db.sql('select workflow.learn_entry($1, $2, now())', [(epoch += 1), JSON.stringify({ version: 1, ...value })]);
}

/** `eu` is the region that is asked. */
beforeEach(async () => {
  database = new Database({ url: db.url('workflow_monitor'), poolSize: 2 });
  reader = new RegionReader(database);
  for (const region of NAMES) ids[region] = randomUUID();
  ids['eu'] = (await db.sql<{ id: string }>('select workflow.own_member() as id'))[0]!.id;
  epoch = 0;
  await db.sql(`insert into workflow.mesh (mesh_id, region, has_zones, last_epoch, member_epoch, founded_at)
                values (gen_random_uuid(), 'eu', false, 0, 0, now())`);
  await decide({ kind: 'found', members: NAMES.map((region) => ({ region, member_id: ids[region], zone: 'global' })) });
});
afterEach(() => database.close());

const home = async () =>
  (await db.sql<{ region: string; id: string }>(`select h.region, h.member_id as id from workflow.home_of(array['x']) h`))[0]!;

/** The tenant begins in `first`; then come the steps, `taken by` (a takeover) or `handed to` (a planned move), in one epoch each. */
async function history(first: string, steps: string, fallbacks: readonly string[] = []): Promise<void> {
  const hashed = await home();
  await decide({ kind: 'register', by: hashed.id, tenants: [{ tenant_id: 'x', split: true, fallback_regions: fallbacks }] });
  const begun = `update workflow.placement_history set region = $1, member_id = $2 where placement_group = '${GROUP}'`;
  await db.sql(begun, [first, ids[first]]);
  await db.sql(`update workflow.placement set region = $1, member_id = $2 where placement_group = '${GROUP}'`, [first, ids[first]]);
  for (const [, how, to] of steps.matchAll(/(taken by|handed to) ([a-z]+)/g)) {
    const { region, id } = await home();
    await decide({ kind: how === 'taken by' ? 'takeover' : 'move', from: id, region, groups: { [GROUP]: ids[to!] } });
  }
}

/** Where it goes when these are there. */
async function goesTo(present: readonly string[], planned = false): Promise<string | null> {
  const found = await reader.groupsToReturn(
    present.map((region) => ids[region]!),
    { planned },
  );
  const memberId = found.find(({ placementGroup }) => placementGroup === GROUP)?.memberId;
  return NAMES.find((region) => ids[region] === memberId) ?? null;
}

const others = ['ap', 'sa', 'us'];

describe('by itself', () => {
  it.each<[string, string, string, Answer]>([
    ['what was never taken stays', 'eu', '', { to: null }],
    ['what was taken goes back', 'us', 'taken by eu', { to: 'us' }],
    ['not while it is away', 'us', 'taken by eu', { to: null, present: ['ap', 'sa'] }],
    ['what was taken twice goes back to the first', 'us', 'taken by ap, taken by eu', { to: 'us' }],
    ['to the second, while the first is away', 'us', 'taken by ap, taken by eu', { to: 'ap', present: ['ap', 'sa'] }],
    ['what was taken three times goes back to the first', 'us', 'taken by ap, taken by sa, taken by eu', { to: 'us' }],
    ['what the second got back goes on to the first', 'us', 'taken by eu, taken by ap, handed to eu', { to: 'us' }],
    ['what the first has again is nobody else’s', 'eu', 'taken by ap, taken by us, handed to eu', { to: null }],
    ['what the first took back itself is nobody else’s', 'eu', 'taken by ap, taken by eu', { to: null }],
    ['what was handed out stays', 'us', 'handed to eu', { to: null }],
    ['what the winner handed out stays', 'us', 'taken by ap, handed to eu', { to: null }],
    ['what was taken from whom it was handed to goes back there', 'us', 'handed to ap, taken by eu', { to: 'ap' }],
    [
      'what was handed out after two takeovers, and taken then, goes back there',
      'us',
      'taken by sa, handed to ap, taken by eu',
      { to: 'ap' },
    ],
    ['what was given back and taken again goes back again', 'us', 'taken by ap, handed to us, taken by eu', { to: 'us' }],
    ['what was given back and handed out stays', 'us', 'taken by ap, handed to us, handed to eu', { to: null }],
  ])('%s', async (_, first, steps, { to, present = others }) => {
    await history(first, steps);
    expect(await goesTo(present)).toBe(to);
  });

  it.each<[string, string, string[], string | null]>([
    ['what the winner handed on to a fallback region goes back to whom it was taken from', 'taken by ap, handed to eu', others, 'us'],
    ['to the winner it does not', 'taken by ap, handed to eu', ['ap', 'sa'], null],
    ['what was taken from the fallback region goes back to the first', 'taken by ap, handed to sa, taken by eu', others, 'us'],
    ['to the fallback region, while the first is away', 'taken by ap, handed to sa, taken by eu', ['sa'], 'sa'],
    ['what was handed to a fallback region without a takeover stays there', 'handed to eu', others, null],
  ])('%s', async (_, steps, present, expected) => {
    await history('us', steps, ['sa', 'eu']);
    expect(await goesTo(present)).toBe(expected);
  });

  it('a group elsewhere is its home’s to give back', async () => {
    await history('us', 'taken by ap');
    expect(await goesTo(['us', 'eu', 'sa'])).toBeNull();
  });
});

describe('when an operator asks', () => {
  it.each<[string, string, string, string | null]>([
    ['what was handed out here comes back', 'handed to eu', 'us', 'us'],
    ['what was taken comes back', 'taken by ap, taken by eu', 'us', 'us'],
    ['what came from another region does not', 'handed to ap, handed to eu', 'us', null],
    ['what the winner of a takeover handed out goes back to the winner', 'taken by ap, handed to eu', 'ap', 'ap'],
    ['what was handed out and taken then goes back to whom it was handed', 'handed to ap, taken by eu', 'ap', 'ap'],
    ['or to whoever handed it out', 'handed to ap, taken by eu', 'us', 'us'],
  ])('%s', async (_, steps, asked, expected) => {
    await history('us', steps);
    expect(await goesTo([asked], true)).toBe(expected);
  });

  it.each<[string, string]>([
    ['what was handed out and came back', 'handed to ap, handed to eu'],
    ['what was taken and came back', 'taken by ap, handed to eu'],
    ['what was handed out, taken, and came back', 'handed to ap, taken by sa, handed to eu'],
  ])('%s is nobody else’s', async (_, steps) => {
    await history('eu', steps);
    for (const region of others) expect(await goesTo([region], true)).toBeNull();
  });
});
