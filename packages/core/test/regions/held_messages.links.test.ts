// Durability quorum over real links (R11): what others have not confirmed is acknowledged by nobody and built on by nobody, whatever is cut, crashes or is
// taken over; what was acknowledged is there afterwards.
import { type Claimed, type TestWorker, waitFor } from '@singularity-workflow/testkit';
import { Quorum, QuorumRuns } from '../../src/regions/index.js';
import { Database, QuorumStore, QueueStore, RunStore } from '../../src/store/index.js';
import { adopt, grantLease, has, HomedRegions } from '../support/homed-regions.js';
import type { LinkedRegion } from '../support/linked-regions.js';

jest.setTimeout(300_000);
const PATIENCE_MS = 60_000;

let mesh: HomedRegions;
let [eu, us, ap]: LinkedRegion[] = [];

beforeAll(async () => {
  mesh = await HomedRegions.start();
  [eu, us, ap] = ['eu', 'us', 'ap'].map((name) => mesh.at(name));
});
afterAll(() => mesh?.close());

const roleUrl = ({ db }: LinkedRegion, role: string): string => {
  const url = new URL(db.url());
  url.searchParams.set('options', `-c role=workflow_${role}`);
  return url.href;
};

async function withDatabase<T>(region: LinkedRegion, role: string, use: (database: Database) => Promise<T>): Promise<T> {
  const database = new Database({ url: roleUrl(region, role), poolSize: 3 });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}

/** What a router does: stores, and answers when it may. */
const submit = (region: LinkedRegion, tenantId: string, { timeoutMs = PATIENCE_MS, key }: { timeoutMs?: number; key?: string } = {}) =>
  withDatabase(region, 'router', async (database) => {
    const [row] = await new RunStore(database).start([{ tenantId, workflow: 'w', durability: 'quorum', idempotencyKey: key }]);
    const store = new QuorumStore(database);
    const refused = await new QuorumRuns({ quorum: new Quorum(store), timeoutMs }).refused(await store.unconfirmed([row!.runId!]));
    return { runId: row!.runId!, outcome: row!.outcome, answer: refused.get(row!.runId!)?.code ?? 'acknowledged' };
  });

/** A round of the scheduler's duty. */
const release = (region: LinkedRegion) =>
  withDatabase(region, 'scheduler', async (database) =>
    new QueueStore(database).releaseHeld({ token: await region.db.make.leaderToken(), limit: 100 }),
  );
const released = (region: LinkedRegion) =>
  waitFor(async () => !(await release(region)).waiting, { until: `nothing is held in ${region.region}`, timeoutMs: PATIENCE_MS });
const heldOf = ({ db }: LinkedRegion, runId: string) => db.sql('select step_slug from workflow.held_messages where run_id = $1', [runId]);
const queuedOf = ({ db }: LinkedRegion, runId: string) => db.make.messages('default', runId);

async function claimOf(worker: TestWorker, runId: string): Promise<Claimed> {
  let task: Claimed | undefined;
  await waitFor(async () => (task = (await worker.claim()).find(({ run_id }) => run_id === runId)) !== undefined, {
    until: `a task of ${runId} is claimed`,
    timeoutMs: PATIENCE_MS,
  });
  return task!;
}

const takers = { runnableSteps: [['w', 'b']] as [string, string][] };

it('a submission is acknowledged, and begins, when one other region of three has it', async () => {
  const tenant = mesh.tenants['us']![0]!;
  const { runId, answer } = await submit(us!, tenant);
  expect(answer).toBe('acknowledged');
  const copies = await Promise.all([eu!, ap!].map(({ db }) => db.sql('select from workflow.workflow_runs where run_id = $1', [runId])));
  expect(copies.flat().length).toBeGreaterThan(0);
  await released(us!);
  const worker = await us!.db.make.worker(takers);
  await worker.completeAndTake([[await claimOf(worker, runId), 1]]);
  expect(await heldOf(us!, runId)).toEqual([{ step_slug: 'b' }]);
  await released(us!);
  await worker.complete(await claimOf(worker, runId), 2);
  expect(await us!.db.make.run(runId)).toMatchObject({ status: 'completed', durability: 'quorum' });
});

it('while its links are cut nothing of it is acknowledged or goes on; afterwards it does, and the same key finds it', async () => {
  const tenant = mesh.tenants['us']![1]!;
  await mesh.switchLinksFrom(us!, 'disable');
  const first = await submit(us!, tenant, { timeoutMs: 500, key: 'cut' });
  expect(first).toMatchObject({ outcome: 'created', answer: 'quorum_unavailable' });
  expect(await submit(us!, tenant, { timeoutMs: 500, key: 'cut' })).toMatchObject({
    runId: first.runId,
    outcome: 'existing',
    answer: 'quorum_unavailable',
  });
  for (let round = 0; round < 5; round += 1) expect(await release(us!)).toMatchObject({ released: 0, waiting: true });
  expect(await queuedOf(us!, first.runId)).toEqual([]);
  await mesh.switchLinksFrom(us!, 'enable');
  expect(await submit(us!, tenant, { key: 'cut' })).toMatchObject({ runId: first.runId, outcome: 'existing', answer: 'acknowledged' });
  await released(us!);
  expect(await queuedOf(us!, first.runId)).toHaveLength(1);
});

it('a crash of the server loses the list, and nothing that was held goes out of it unconfirmed', async () => {
  const tenant = mesh.tenants['us']![2]!;
  const { runId } = await submit(us!, tenant);
  await released(us!);
  const worker = await us!.db.make.worker(takers);
  const task = await claimOf(worker, runId);
  await mesh.switchLinksFrom(us!, 'disable');
  await worker.completeAndTake([[task, 'before the crash']]);
  expect(await heldOf(us!, runId)).toHaveLength(1);

  await us!.server.server.crash();
  await us!.server.server.restart();
  const answers = () => us!.db.sql('select 1').then(() => true, () => false); // prettier-ignore
  await waitFor(answers, { until: 'the server answers', timeoutMs: PATIENCE_MS });
  await grantLease(us!);
  expect(await heldOf(us!, runId)).toEqual([]);
  await us!.db.make.rebuild();
  for (let round = 0; round < 5; round += 1) await release(us!);
  expect([await heldOf(us!, runId), await queuedOf(us!, runId)]).toMatchObject([[{ step_slug: 'b' }], []]);
  await mesh.switchLinksFrom(us!, 'enable');
  await released(us!);
  expect(await claimOf(await us!.db.make.worker(), runId)).toMatchObject({ step_slug: 'b', input: { a: 'before the crash' } });
});

it('a takeover finds every acknowledged run, and no step that built on an output which it did not find', async () => {
  const tenant = mesh.tenants['us']![3]!;
  const { runId, answer } = await submit(us!, tenant);
  expect(answer).toBe('acknowledged');
  await has(ap!, runId);
  await released(us!);
  const worker = await us!.db.make.worker(takers);
  const task = await claimOf(worker, runId);
  await mesh.switchLinksFrom(us!, 'disable');
  await worker.completeAndTake([[task, 'forgotten']]);
  for (let round = 0; round < 5; round += 1) await release(us!);

  const takeover = await mesh.takeOver(us!, ap!, tenant);
  await adopt(ap!);
  await released(ap!);
  const successor = await ap!.db.make.worker(takers);
  const again = await claimOf(successor, runId);
  expect(again).toMatchObject({ step_slug: 'a' });
  await successor.completeAndTake([[again, 'the one that counts']]);
  await released(ap!);

  expect([await heldOf(us!, runId), await queuedOf(us!, runId)]).toMatchObject([[{ step_slug: 'b' }], []]);
  await takeover.learnedBy(us!);
  await mesh.switchLinksFrom(us!, 'enable');
  await released(us!);
  expect([await heldOf(us!, runId), await queuedOf(us!, runId)]).toEqual([[], []]);
  expect(await submit(us!, tenant, { timeoutMs: 500 })).toMatchObject({ outcome: 'not_home' });

  const last = await claimOf(successor, runId);
  expect(last).toMatchObject({ step_slug: 'b', input: { a: 'the one that counts' } });
  await successor.complete(last, 'done');
  await has(us!, runId, 'completed');
  expect(await us!.db.make.run(runId)).toMatchObject({ output: { b: 'done' } });
});

it('a successor lets its own messages of quorum runs go when others have its marker', async () => {
  const tenant = mesh.tenants['eu']![0]!;
  const { runId } = await submit(eu!, tenant);
  await has(us!, runId);
  await mesh.switchLinksFrom(us!, 'disable');
  const takeover = await mesh.takeOver(eu!, us!, tenant);
  await adopt(us!);
  for (let round = 0; round < 5; round += 1) expect(await release(us!)).toMatchObject({ released: 0, waiting: true });
  expect(await queuedOf(us!, runId)).toEqual([]);
  await mesh.switchLinksFrom(us!, 'enable');
  await takeover.learnedBy(eu!);
  await released(us!);
  expect(await queuedOf(us!, runId)).toHaveLength(1);
});
