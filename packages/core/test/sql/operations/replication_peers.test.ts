import { randomBytes } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const slot = `test_${randomBytes(6).toString('hex')}`; // slots belong to the whole server, which other suites use too

afterEach(() => db.sql('select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1', [slot]));

const ours = async () => (await db.as('workflow_router').call('replication_peers')).filter(({ peer }) => peer === slot);

it('shows a slot that nobody is connected to, and what the server keeps because of it', async () => {
  await db.sql('select pg_create_physical_replication_slot($1, true)', [slot]);
  const [kept] = await ours();
  expect(kept).toMatchObject({ peer: slot, kind: 'physical', slot, connected: false, state: null, lost: false });
  await db.sql(`select pg_logical_emit_message(false, 'test', repeat('x', 100000), true)`);
  const [more] = await ours();
  expect(Number(more!['retained_bytes']) - Number(kept!['retained_bytes'])).toBeGreaterThanOrEqual(100_000);
  expect(more!['lag_bytes']).toBe(more!['retained_bytes']);
});

it('says that a slot was never used', async () => {
  await db.sql('select pg_create_physical_replication_slot($1)', [slot]);
  expect(await ours()).toMatchObject([{ connected: false, lag_bytes: null, retained_bytes: null, lost: false }]);
});
