import { Database, StandingReader } from '../../src/store/index.js';
import { useHomes } from '../sql/regions/homes.js';

const homes = useHomes();
let database: Database;
beforeEach(() => {
  database = new Database({ url: homes.db.url('workflow_monitor'), poolSize: 1 });
});
afterEach(() => database.close());

const standing = () => new StandingReader(database).standing();

it('says nothing of a region that belongs to no mesh', async () => {
  expect(await standing()).toBeNull();
});

it('says how a region stands in the mesh: lease, members, homes', async () => {
  await homes.found();
  expect(await standing()).toEqual({
    epoch: 1,
    leaseLeftMs: expect.any(Number) as number,
    members: { full: 3 },
    suspected: [],
    sealed: [],
    groups: 86,
    groupsToAdopt: 0,
    runsToAdopt: 0,
  });
  await homes.setLease(false);
  expect(await standing()).toMatchObject({ leaseLeftMs: null });
});

it('names who is suspected and sealed, and counts what is to be adopted', async () => {
  const { db, members } = homes;
  await db.make.define('w', 'a');
  const tenant = homes.tenantOf('b');
  await db.make.start('w', {}, { tenant_id: tenant });
  await homes.becomeReplica();
  await homes.move(2, 'here', tenant);
  await db.call('find_runs_to_adopt', [await homes.token(), 1_000]);
  await db.sql('insert into workflow.region_suspicions (member_id, grants_seen, granting, noted_at) values ($1, 1, false, now())', [
    members.b,
  ]);
  await db.sql('insert into workflow.region_seals (member_id, epoch, sealed_at) values ($1, 2, now())', [members.b]);
  expect(await standing()).toMatchObject({ epoch: 2, suspected: ['b'], sealed: ['b'], groups: 87, groupsToAdopt: 1, runsToAdopt: 1 });
});
