// A takeover over real links: three servers, logical replication between them, and their monitors. What a seal does to a link, and that whoever has most of a
// region's stream succeeds it, shows here only.
import { waitFor } from '@singularity-workflow/testkit';
import { HomeStore } from '../../src/store/index.js';
import { type LinkedRegion, LinkedRegions } from '../support/linked-regions.js';
import { epochAt, leftMsAt, logsAgree, Monitors, placesAt, TIMING, TRANSACTION_TIMEOUT } from '../support/monitors.js';

jest.setTimeout(300_000);

const SOON = { timeoutMs: 90_000, everyMs: 50 };
let mesh: LinkedRegions;
let monitors: Monitors;
let [eu, us, ap]: LinkedRegion[] = [];

beforeAll(async () => {
  mesh = await LinkedRegions.start(3);
  [eu, us, ap] = mesh.regions as [LinkedRegion, LinkedRegion, LinkedRegion];
  await mesh.found();
  await mesh.link();
  monitors = new Monitors(mesh, TIMING);
  await monitors.startAll();
  await live(eu, us, ap);
});
afterAll(async () => {
  await monitors?.stopAll();
  await mesh?.close();
});

const live = (...regions: LinkedRegion[]) =>
  waitFor(async () => (await Promise.all(regions.map(({ region }) => leftMsAt(mesh, region)))).every((left) => left !== null), {
    ...SOON,
    until: 'the regions have their leases',
  });

/** Whether the link that brings the rows of `of` to `at` is enabled, and its worker there. */
async function linkAt({ db }: LinkedRegion, of: LinkedRegion): Promise<{ enabled: boolean; works: boolean }> {
  const [link] = await db.sql<{ enabled: boolean; works: boolean }>(
    `select s.subenabled as enabled, exists (select from pg_stat_subscription w where w.subid = s.oid and w.pid is not null) as works
       from pg_subscription s where s.subname = workflow.subscription_of($1)`,
    [of.memberId],
  );
  return link!;
}

async function tenantOf({ db, region }: LinkedRegion): Promise<string> {
  const [home] = await db.sql<{ tenant: string }>(
    `select h.tenant_id as tenant from workflow.home_of(array(select 't' || i from generate_series(1, 60) i)) h where h.region = $1 order by 1 limit 1`,
    [region],
  );
  return home!.tenant;
}

/** A run of a tenant that is at home there, by a login whose transactions end before the lease does. */
async function startAt(region: LinkedRegion): Promise<string> {
  const session = await region.db.session();
  await session.sql(`set transaction_timeout = '${TRANSACTION_TIMEOUT}'`);
  const request = { tenant_id: await tenantOf(region), workflow: 'w' };
  return waitFor(async () => (await session.call<{ run_id: string | null }>('start_runs', [JSON.stringify([request])]))[0]!.run_id, {
    ...SOON,
    until: `a run is started in ${region.region}`,
  });
}

const hasRun = ({ db }: LinkedRegion, runId: string) =>
  waitFor(async () => (await db.sql('select from workflow.workflow_runs where run_id = $1', [runId])).length === 1, {
    ...SOON,
    until: 'the run has arrived',
  });

it('hands groups over by a planned move that an operator asks for', async () => {
  const { db } = ap!;
  const groups = (
    await db.sql<{ g: string }>(`select placement_group as g from workflow.placement where region = 'ap' order by 1 limit 3`)
  ).map(({ g }) => g);
  const [command] = await db
    .as('workflow_router')
    .call<{ command_id: string }>('request_region_command', [{ command: 'move', arguments: { groups, region: 'eu', drain_ms: 0 } }]);
  const homes = new HomeStore(ap!.monitor);
  const token = async () => (await db.sql<{ token: number }>('select token from workflow.leases'))[0]!.token;
  await waitFor(
    async () => {
      const stoppable = (await homes.moves()).filter(({ mayStop }) => mayStop).map(({ placementGroup }) => placementGroup);
      if (stoppable.length > 0) await homes.stopMove(await token(), stoppable);
      return (
        (await us!.db.sql(`select 1 from workflow.placement where region = 'eu' and placement_group = any ($1)`, [groups])).length === 3
      );
    },
    { ...SOON, until: 'us knows that the groups are at home in eu' },
  );
  await waitFor(
    async () =>
      (await db.sql(`select 1 from workflow.region_commands where command_id = $1 and state = 'done'`, [command!.command_id])).length === 1,
    {
      ...SOON,
      until: 'the command is done',
    },
  );
  expect(await db.sql('select 1 from workflow.group_moves')).toEqual([]);
});

it('gives what a lost region held to whoever has most of its stream, with the links from it disabled until it knows', async () => {
  await us!.db.make.define('w', 'a');
  const link = (await ap!.db.sql<{ name: string }>('select workflow.subscription_of($1) as name', [us!.memberId]))[0]!.name;
  await ap!.db.sql(`alter subscription ${link} disable`); // ap falls behind
  await waitFor(async () => !(await linkAt(ap!, us!)).works, { ...SOON, until: 'nothing of us is applied in ap' });
  const run = await startAt(us!);
  await hasRun(eu!, run);
  const before = await placesAt(mesh, 'eu');
  await us!.server.server.crash();
  await waitFor(async () => (await placesAt(mesh, 'eu'))['us'] === undefined && (await placesAt(mesh, 'ap'))['us'] === undefined, {
    ...SOON,
    until: 'eu and ap know that us holds nothing',
  });
  expect(await placesAt(mesh, 'ap')).toEqual({ ap: before['ap'], eu: before['eu']! + before['us']! });
  for (const at of [eu!, ap!]) expect(await linkAt(at, us!)).toEqual({ enabled: false, works: false });

  await us!.server.server.restart();
  await waitFor(async () => (await placesAt(mesh, 'us'))['us'] === undefined, { ...SOON, until: 'us knows that it holds nothing' });
  for (const at of [eu!, ap!]) {
    await waitFor(async () => (await linkAt(at, us!)).works, { ...SOON, until: `${at.region} applies what comes from us again` });
  }
  await hasRun(ap!, run);
  await live(eu!, us!, ap!);
  expect(await logsAgree(mesh, ['eu', 'us', 'ap'])).toBe(true);
  expect(await epochAt(mesh, 'us')).toBeGreaterThan(1);
});
