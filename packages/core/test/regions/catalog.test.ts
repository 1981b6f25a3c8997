// What a region has of its own before it has peers gets into the log before they come (D9), and stays through a forced takeover. Monitors on one server.
import { createHash, randomUUID } from 'node:crypto';
import { json, useTestMesh, waitFor } from '@singularity-workflow/testkit';
import { epochAt, leftMsAt, Monitors, TIMING } from '../support/monitors.js';

jest.setTimeout(180_000);

const SOON = { timeoutMs: 60_000 };
const mesh = useTestMesh(['eu', 'us']);
let monitors: Monitors;
beforeEach(() => {
  monitors = new Monitors(mesh, TIMING);
});
afterEach(() => monitors.stopAll());

const content = (attempts: number) => ({ slug: 'greet', max_attempts: attempts, steps: [{ slug: 'hello' }] });
const key = (role: string) => ({
  key_id: randomUUID(),
  key_sha256: createHash('sha256').update(randomUUID()).digest('hex'),
  name: 'k',
  role,
});
const addKey = (region: string, wanted = key('admin')) =>
  mesh
    .at(region)
    .db.as('workflow_router')
    .call('add_api_key', [json(wanted)]);
const kinds = async (region: string) =>
  (await mesh.at(region).db.sql<{ kind: string }>(`select value ->> 'kind' as kind from workflow.topology order by epoch`)).map(
    ({ kind }) => kind,
  );
const keysAt = (region: string) => mesh.at(region).db.sql('select key_id, role, epoch from workflow.api_keys order by created_at, key_id');
const versionsAt = (region: string) =>
  mesh.at(region).db.sql('select version, definition_id, active, epoch from workflow.decided_versions order by version');

it('a region that admits its first peer has its versions and keys in the log first, and the peer has them from there', async () => {
  const { db } = mesh.at('eu');
  for (const attempts of [3, 5]) await db.call('register_workflow', [json(content(attempts))]);
  await db.call('activate_definition', ['greet', 1]);
  await addKey('eu');
  await addKey('eu', key('operator'));
  const before = await db.sql('select * from workflow.workflow_versions order by version');
  // Asked before there is a mesh: both are there when the monitor looks for the first time.
  await db.sql(
    `insert into workflow.region_commands (command_id, command, arguments, requested_at) values (gen_random_uuid(), 'add', $1, now())`,
    [JSON.stringify({ region: 'us', addresses: { database: mesh.at('us').db.url('region_peer') } })],
  );
  await monitors.start('eu', { listed: monitors.listed.filter(({ id }) => id === 'eu') });
  await waitFor(async () => (await kinds('eu')).includes('member'), { ...SOON, until: 'eu has admitted us' });
  await monitors.start('us');
  await waitFor(async () => (await epochAt(mesh, 'us')) === 3, { ...SOON, until: 'us has joined' });
  expect(await kinds('us')).toEqual(['found', 'catalog', 'member']);
  expect(await versionsAt('us')).toEqual(await versionsAt('eu'));
  expect(await versionsAt('us')).toMatchObject([
    { version: 1, active: true, epoch: 2 },
    { version: 2, active: false, epoch: 2 },
  ]);
  expect(await keysAt('us')).toEqual(await keysAt('eu'));
  expect(await keysAt('us')).toMatchObject([{ role: 'admin' }, { role: 'operator' }]);
  expect(await db.sql('select slug, version, active from workflow.workflow_versions order by version')).toMatchObject(
    before.map(({ slug, version, active }) => ({ slug, version, active })),
  );
});

it('a forced takeover keeps them, and more can be added after it', async () => {
  await monitors.startAll();
  await waitFor(async () => (await epochAt(mesh, 'eu')) === 1 && (await leftMsAt(mesh, 'eu')) !== null, {
    ...SOON,
    until: 'the mesh executes',
  });
  await addKey('eu');
  await waitFor(async () => (await keysAt('us')).length === 1, { ...SOON, until: 'us knows the key' });
  await mesh.at('eu').db.make.define(content(3));
  await monitors.takeDown('us');
  await mesh
    .at('eu')
    .db.as('workflow_router')
    .call('request_region_command', [{ command: 'failover', arguments: { region: 'us', force: true } }]);
  await waitFor(async () => (await kinds('eu')).includes('takeover'), { ...SOON, until: 'the takeover is forced' });
  expect(await keysAt('eu')).toHaveLength(1);
  expect(await versionsAt('eu')).toMatchObject([{ version: 1, active: true }]);
  await addKey('eu', key('operator'));
  await waitFor(async () => (await keysAt('eu')).length === 2, { ...SOON, until: 'another key is decided' });
});
