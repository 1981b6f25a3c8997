// Versions of workflows and API keys over real links: three servers and their monitors. What one region registers, all of them decide, and a run of it
// is executed where nobody has registered it.
import { createHash, randomUUID } from 'node:crypto';
import { json, TestWorker, waitFor } from '@singularity-workflow/testkit';
import { type LinkedRegion, LinkedRegions } from '../support/linked-regions.js';
import { leftMsAt, logsAgree, Monitors, TIMING, TRANSACTION_TIMEOUT } from '../support/monitors.js';

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
  const live = async () => (await Promise.all(mesh.regions.map(({ region }) => leftMsAt(mesh, region)))).every((left) => left !== null);
  await waitFor(live, { ...SOON, until: 'the regions have their leases' });
});
afterAll(async () => {
  await monitors?.stopAll();
  await mesh?.close();
});

const content = (slug: string, attempts = 3) => ({ slug, max_attempts: attempts, steps: [{ slug: 'a' }] });
const register = async ({ db }: LinkedRegion, definition: object) =>
  (await db.as('workflow_executor').call<{ version: number | null }>('register_workflow', [json(definition)]))[0]!.version;
const versionsAt = ({ db }: LinkedRegion, slug: string) =>
  db.sql('select version, definition_id, active from workflow.workflow_versions where slug = $1 order by version', [slug]);
const everywhere = (slug: string, versions: number) =>
  waitFor(
    async () => (await Promise.all(mesh.regions.map((region) => versionsAt(region, slug)))).every((found) => found.length === versions),
    {
      ...SOON,
      until: `${slug} has ${versions} versions everywhere`,
    },
  );
const addKey = async ({ db }: LinkedRegion): Promise<string> => {
  const keyId = randomUUID();
  const sha256 = createHash('sha256').update(keyId).digest('hex');
  await db.as('workflow_router').call('add_api_key', [json({ key_id: keyId, key_sha256: sha256, name: 'k', role: 'admin' })]);
  return keyId;
};
const keyAt = async ({ db }: LinkedRegion, keyId: string, state: 'counts' | 'revoked') =>
  waitFor(
    async () =>
      (await db.sql(`select from workflow.api_keys where key_id = $1 and (revoked_at is null) = ($2 = 'counts')`, [keyId, state]))
        .length === 1,
    { ...SOON, until: `the key is ${state}` },
  );

async function tenantOf({ db, region }: LinkedRegion): Promise<string> {
  const [home] = await db.sql<{ tenant: string }>(
    `select h.tenant_id as tenant from workflow.home_of(array(select 't' || i from generate_series(1, 60) i)) h where h.region = $1 order by 1 limit 1`,
    [region],
  );
  return home!.tenant;
}

it('a workflow that executors of one region registered runs at homes in another, once somebody there has its handler', async () => {
  expect(await register(eu!, content('w'))).toBeNull();
  await everywhere('w', 1);
  expect(await register(eu!, content('w'))).toBe(1);

  const session = await us!.db.session();
  await session.sql(`set transaction_timeout = '${TRANSACTION_TIMEOUT}'`);
  const request = { tenant_id: await tenantOf(us!), workflow: 'w', input: 1 };
  const runId = await waitFor(async () => (await session.call<{ run_id: string | null }>('start_runs', [json([request])]))[0]!.run_id, {
    ...SOON,
    until: 'a run is started in us',
  });
  const status = async ({ db }: LinkedRegion) =>
    (await db.sql<{ status: string }>('select status from workflow.workflow_runs where run_id = $1', [runId]))[0]?.status;
  expect(await us!.db.sql('select writer from workflow.workflow_definitions where writer = workflow.own_member()')).toHaveLength(1);

  const worker = new TestWorker((await us!.db.make.worker()).id, session);
  const [task] = await waitFor(
    async () => {
      const tasks = await worker.claim();
      return tasks.length === 1 ? tasks : null;
    },
    { ...SOON, until: 'the task is claimed' },
  );
  await worker.complete(task!, 7);
  for (const region of mesh.regions)
    await waitFor(async () => (await status(region)) === 'completed', { ...SOON, until: `it is completed in ${region.region}` });
});

it('two regions that register different content at the same time get two versions, alike everywhere', async () => {
  await Promise.all([register(eu!, content('twins', 5)), register(us!, content('twins', 7)), register(ap!, content('twins', 5))]);
  await everywhere('twins', 2);
  await waitFor(() => logsAgree(mesh, ['eu', 'us', 'ap']), { ...SOON, until: 'the logs agree' });
  const [first, second, third] = await Promise.all(mesh.regions.map((region) => versionsAt(region, 'twins')));
  expect(first).toMatchObject([{ active: false }, { active: true }]);
  expect([second, third]).toEqual([first, first]);
});

it('a definition that no other region has is not decided; keys do not wait for it', async () => {
  const links = await Promise.all([us!, ap!].map(async ({ db }) => ({ db, name: await linkAt(db) })));
  for (const { db, name } of links) await db.sql(`alter subscription ${name} disable`);
  try {
    await register(eu!, content('lonely'));
    const keyId = await addKey(eu!);
    for (const region of mesh.regions) await keyAt(region, keyId, 'counts');
    expect(await eu!.db.sql(`select item ->> 'slug' as slug from workflow.log_wishes where epoch is null`)).toEqual([{ slug: 'lonely' }]);
  } finally {
    for (const { db, name } of links) await db.sql(`alter subscription ${name} enable`);
  }
  await everywhere('lonely', 1);
});

it('a key that is revoked in one region is revoked in all', async () => {
  const [first, second] = [await addKey(eu!), await addKey(us!)];
  for (const region of mesh.regions) for (const keyId of [first, second]) await keyAt(region, keyId, 'counts');
  await us!.db.as('workflow_router').call('revoke_api_key', [first]);
  for (const region of mesh.regions) await keyAt(region, first, 'revoked');
  const counting = await Promise.all(
    mesh.regions.map(({ db }) =>
      db.sql('select key_id from workflow.api_keys where revoked_at is null and key_id = any ($1)', [[first, second]]),
    ),
  );
  expect(counting).toEqual(mesh.regions.map(() => [{ key_id: second }]));
});

async function linkAt(db: LinkedRegion['db']): Promise<string> {
  return (await db.sql<{ name: string }>('select workflow.subscription_of($1) as name', [eu!.memberId]))[0]!.name;
}
