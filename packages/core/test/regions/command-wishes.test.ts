// What is made of several commands that are open at once, over one database: who is named, and which of them are looked at.
import { RegionBelief } from '../../src/regions/belief.js';
import { CommandWishes } from '../../src/regions/command-wishes.js';
import { HandOvers } from '../../src/regions/hand-overs.js';
import { Peers } from '../../src/regions/peers.js';
import type { Observed } from '../../src/regions/proposer.js';
import { ShareWishes } from '../../src/regions/share-wishes.js';
import { Database, DecisionStore, HomeStore, RegionReader, RegionStore } from '../../src/store/index.js';
import { useHomes } from '../sql/regions/homes.js';
import { RecordingLogger } from '../support/recording-logger.js';

const homes = useHomes();
const { db } = homes;
let database: Database;
let reader: RegionReader;
let belief: RegionBelief;
let wishes: CommandWishes;

beforeEach(async () => {
  await homes.found();
  database = new Database({ url: db.url(), poolSize: 2 });
  reader = new RegionReader(database);
  belief = new RegionBelief();
  const logger = new RecordingLogger();
  const store = new HomeStore(database);
  const handOvers = new HandOvers({ homes: store, logger, now: () => 0 });
  const shares = new ShareWishes({ reader, homes: store, handOvers, drainMs: 0, automatic: false });
  const peers = new Peers({ own: new DecisionStore(database), region: 'here', regions: [], callMs: 100, logger });
  wishes = new CommandWishes({ reader, regions: new RegionStore(database), handOvers, shares, peers, belief, drainMs: 0 });
});
afterEach(() => database.close());

async function look() {
  const [mesh, members, placement] = [(await reader.mesh())!, await reader.members(), await reader.placement()];
  const votes: Observed['votes'] = new Map();
  const seen = {
    mesh,
    members,
    placement,
    votes,
    self: homes.members.here,
    epoch: 2,
    seals: [],
    suspicions: [],
    givenUp: new Set<string>(),
  };
  return wishes.wish(await homes.token(), seen);
}

const ask = async (command: string, given: object, by = 'ops') => {
  const request = JSON.stringify({ command, arguments: given, requested_by: by });
  const [row] = await db.call<{ command_id: string }>('request_region_command', [request]);
  return row!.command_id;
};
const outcome = async (id: string) =>
  (await db.sql<{ state: string; outcome: string }>('select state, outcome from workflow.region_commands where command_id = $1', [id]))[0];

it('names of each region the operator of the step that counts, and nobody who asked for something else there', async () => {
  await ask('resync', { region: 'b' }, 'ann');
  await ask('remove', { region: 'b' }, 'bob');
  await ask('restore', { region: 'b' }, 'cid');
  await ask('failover', { region: 'c' }, 'dan');
  await look();
  expect([...wishes.openSteps()]).toEqual([['b', 'remove']]);
  expect([...wishes.whoAsked()]).toEqual([['b', 'bob']]);
});

it('names of each region that was given up who gave it up, and forgets it', async () => {
  await ask('failover', { region: 'b' }, 'ann');
  await ask('failover', { region: 'b', force: true }, 'bob');
  await ask('failover', { region: 'c', force: true }, 'cid');
  await look();
  const { b, c } = homes.members;
  expect([...belief.givenUp]).toEqual([[b, 'bob'], [c, 'cid']]); // prettier-ignore
  belief.forget();
  expect(belief.givenUp.size).toBe(0);
});

describe('hundreds of registrations that wait for another region', () => {
  const register = (count: number) =>
    db.sql(
      `insert into workflow.region_commands (command_id, command, arguments, state, requested_at)
       select gen_random_uuid(), 'register', jsonb_build_object('tenants', jsonb_build_array(jsonb_build_object('tenant_id', 'w' || n))), 'working',
              workflow.clock() - interval '1 hour'
         from generate_series(1, $1::int) n`,
      [count],
    );

  it('keep no other command from being looked at, nor another registration', async () => {
    await register(300);
    const forced = await ask('failover', { region: 'b', force: true });
    const registered = await ask('register', { tenants: [{ tenant_id: 'acme' }] });
    const commands = await reader.openCommands();
    expect(commands.map(({ commandId }) => commandId).slice(0, 2)).toEqual([forced, registered]);
    expect(commands).toHaveLength(101);
  });
});

describe('registered tenants', () => {
  const known = (tenant: string, fallbacks: string[], group: string | null) =>
    db.sql(
      `insert into workflow.tenant_registry (tenant_id, residency, fallback_regions, own_group, epoch) values ($1, 'global', $2, $3, 1)`,
      [tenant, fallbacks, group],
    );
  const registration = async (...tenants: string[]) => {
    const id = await ask('register', { tenants: tenants.map((tenant_id) => ({ tenant_id, fallback_regions: ['b'] })) });
    await db.sql(`update workflow.region_commands set state = 'working' where command_id = $1`, [id]);
    await look();
    return outcome(id);
  };

  it('have no groups of their own where nobody wants fallback regions any more', async () => {
    const [one, two] = [homes.tenantOf('here'), homes.tenantOf('here', 1)] as [string, string];
    await known(one, [], null);
    expect(await registration(one)).toEqual({ state: 'done', outcome: `1 tenant is registered: ${one} in here` });
    await db.sql(
      `insert into workflow.placement (placement_group, region, member_id, tenure) values ('tenant/' || $1::text, 'here', workflow.own_member(), 1)`,
      [two],
    );
    await known(two, ['b'], `tenant/${two}`);
    expect(await registration(two)).toEqual({ state: 'done', outcome: `1 tenant is registered, with a group of its own: ${two} in here` });
    expect((await registration(one, two))!.outcome).toMatch(/^2 tenants are registered, 1 of them with groups of their own: /);
  });
});
