// Takeovers, planned moves and submissions over real links: three servers, logical replication with guarded apply between them.
import { applyErrors, waitFor } from '@singularity-workflow/testkit';
import { adopt, finishAll, has, HomedRegions, start } from '../support/homed-regions.js';
import type { LinkedRegion } from '../support/linked-regions.js';

jest.setTimeout(300_000);

let mesh: HomedRegions;
let [eu, us, ap]: LinkedRegion[] = [];

beforeAll(async () => {
  mesh = await HomedRegions.start();
  [eu, us, ap] = ['eu', 'us', 'ap'].map((name) => mesh.at(name));
});
afterAll(() => mesh?.close());

it('a run that was half done goes on at the successor; what its home had alone is adopted when it comes back; all regions end equal', async () => {
  const tenant = mesh.tenants['eu']![0]!;
  const there = await eu!.db.make.worker();
  const [half, finished, running] = [await start(eu!, tenant), await start(eu!, tenant), await start(eu!, tenant)];
  const tasks = await there.claim();
  const taskOf = (runId: string) => tasks.find(({ run_id }) => run_id === runId)!;
  await there.complete(taskOf(half), 'x'.repeat(20_000));
  await there.complete(taskOf(finished), 1);
  await there.complete(
    (await there.claim()).find(({ run_id }) => run_id === finished)!,
    2,
  );
  for (const region of [us!, ap!]) {
    await has(region, finished, 'completed');
    await has(region, running);
  }
  expect(await us!.db.make.startAll([{ tenant_id: tenant, workflow: 'w' }])).toMatchObject([{ outcome: 'not_home' }]);

  // eu is cut off and goes on for a while: a run that nobody else ever sees, one that it finishes alone, a task that it completes.
  await mesh.switchLinksFrom(eu!, 'disable');
  const [lonely, finishedAlone] = [await start(eu!, tenant), await start(eu!, tenant)];
  const alone = await there.claim();
  const a = alone.find(({ run_id }) => run_id === finishedAlone)!;
  await there.complete(a, 1);
  await there.complete(
    (await there.claim()).find(({ run_id }) => run_id === finishedAlone)!,
    2,
  );
  await there.complete(taskOf(running), 'in vain');

  const takeover = await mesh.takeOver(eu!, us!, tenant);
  await adopt(us!);
  const here = await us!.db.make.worker();
  await finishAll(here);
  expect(await us!.db.make.run(half)).toMatchObject({ status: 'completed', home_epoch: takeover.epoch });
  expect(await us!.db.make.task(half, 'a')).toMatchObject({ output: 'x'.repeat(20_000) });
  expect(await us!.db.make.run(running)).toMatchObject({ status: 'completed' });
  expect(await us!.db.make.task(running, 'a')).toMatchObject({ attempt: 2, output: 'by a' });

  // eu is told, and its links are opened again.
  await takeover.learnedBy(eu!);
  expect(await eu!.db.make.startAll([{ tenant_id: tenant, workflow: 'w' }])).toMatchObject([{ outcome: 'not_home' }]);
  await mesh.switchLinksFrom(eu!, 'enable');
  await has(us!, lonely);
  await has(us!, finishedAlone, 'completed');
  expect(await us!.db.make.run(lonely)).toMatchObject({ home_epoch: 1 });
  await adopt(us!);
  await finishAll(here);
  expect(await us!.db.make.run(lonely)).toMatchObject({ status: 'completed', home_epoch: takeover.epoch });
  expect(await us!.db.make.run(finishedAlone)).toMatchObject({ status: 'completed', home_epoch: takeover.epoch });
  await mesh.areEqual();
  for (const { db } of mesh.regions) expect(await applyErrors(db)).toBe(0);
});

it('a finished run that only one other region has is everywhere when that one has adopted its group, though its home is gone', async () => {
  const tenant = mesh.tenants['eu']![1]!;
  const there = await eu!.db.make.worker();
  const [apSub] = await ap!.db.sql<{ name: string }>('select workflow.subscription_of($1) as name', [eu!.memberId]);
  await ap!.db.sql(`alter subscription ${apSub!.name} disable`);
  const runId = await start(eu!, tenant);
  await finishAll(there);
  await has(us!, runId, 'completed');
  await mesh.switchLinksFrom(eu!, 'disable');
  expect(await ap!.db.sql('select from workflow.workflow_runs where run_id = $1', [runId])).toEqual([]);

  const takeover = await mesh.takeOver(eu!, us!, tenant);
  await adopt(us!);
  await has(ap!, runId, 'completed');
  expect(await ap!.db.make.run(runId)).toMatchObject({ home_epoch: takeover.epoch, output: { b: 'by b' } });
  await takeover.learnedBy(eu!);
  await mesh.switchLinksFrom(eu!, 'enable');
  await adopt(us!);
  await mesh.areEqual();
});

it('the successor of a successor that died while it adopted goes on with all runs', async () => {
  const tenant = mesh.tenants['eu']![2]!;
  const runs: string[] = [];
  for (let i = 0; i < 12; i += 1) runs.push(await start(eu!, tenant));
  for (const region of [us!, ap!]) await has(region, runs.at(-1)!);
  await mesh.switchLinksFrom(eu!, 'disable');
  const first = await mesh.takeOver(eu!, us!, tenant);
  const token = us!.token;
  await us!.db.call('find_runs_to_adopt', [token, 1_000]);
  await us!.db.call('adopt_chunk', [token, 20]);
  await first.learnedBy(eu!);
  await mesh.switchLinksFrom(us!, 'disable');
  const second = await mesh.takeOver(us!, ap!, tenant);
  await adopt(ap!);
  await finishAll(await ap!.db.make.worker());
  for (const runId of runs) expect(await ap!.db.make.run(runId)).toMatchObject({ status: 'completed', home_epoch: second.epoch });
  await second.learnedBy(us!);
  await mesh.switchLinksFrom(us!, 'enable');
  await mesh.switchLinksFrom(eu!, 'enable');
  await adopt(ap!);
  await mesh.areEqual();
});

it('a planned move runs nothing twice, and the new home begins where the old one stopped', async () => {
  const tenant = mesh.tenants['us']![0]!;
  const group = await mesh.groupOf(tenant);
  const runs = [await start(us!, tenant), await start(us!, tenant)];
  const worker = await us!.db.make.worker();
  const tasks = await worker.claim();
  await us!.db.call('begin_move', [us!.token, [group], 'ap', 60_000]);
  expect(await us!.db.call('stop_move', [us!.token, [group]])).toEqual([{ stop_move: 0 }]);
  await worker.complete(tasks[0]!, 'by us');
  await worker.release(tasks[1]!, 'aborted');
  expect(await us!.db.call('stop_move', [us!.token, [group]])).toEqual([{ stop_move: 1 }]);
  const [mesh_] = await us!.db.sql<{ epoch: number }>('select last_epoch + 1 as epoch from workflow.mesh');
  await waitFor(async () => (await us!.db.call('note_proposed_move', [us!.token, mesh_!.epoch, [group]])).length === 1, {
    until: 'ap has confirmed all that was written',
    timeoutMs: 60_000,
  });
  await mesh.linked.decide({ kind: 'move', from: us!.memberId, groups: { [group]: ap!.memberId } });
  expect(await us!.db.sql('select * from workflow.group_moves')).toEqual([]);
  expect(await worker.claim()).toEqual([]);
  await adopt(ap!);
  const there = await ap!.db.make.worker();
  expect((await there.claim()).map(({ step_slug, attempt }) => `${step_slug}${attempt}`).toSorted()).toEqual(['a2', 'b1']);
  expect(await ap!.db.sql('select output from workflow.step_tasks where run_id = any ($1) and output is not null', [runs])).toEqual([
    { output: 'by us' },
  ]);
  await mesh.areEqual();
});

it('the ledger rises with what every member has confirmed, and reaches them; one that is cut off holds it', async () => {
  const keep = async () => {
    for (const fn of ['advance_tick', 'close_ticks', 'note_replicated']) await us!.db.call(fn, [us!.token]);
  };
  const through = async ({ db }: LinkedRegion) =>
    (await db.sql<{ at: number }>('select replicated_through as at from workflow.stream_ledger where writer = $1', [us!.memberId]))[0]
      ?.at ?? -1;
  const rises = (above: number) =>
    waitFor(
      async () => {
        await keep();
        return (await through(ap!)) > above && (await through(eu!)) > above;
      },
      { until: `the ledger of us is above ${above} at the others`, timeoutMs: 60_000 },
    );
  await rises(-1);
  await rises(await through(us!));

  await mesh.switchLinksFrom(us!, 'disable');
  await start(us!, mesh.tenants['us']![1]!);
  const [before] = await us!.db.sql<{ tick: number }>('select tick from workflow.stream_clock');
  for (let i = 0; i < 20; i += 1) await keep();
  expect(await through(us!)).toBeLessThan(before!.tick);
  await mesh.switchLinksFrom(us!, 'enable');
  await rises(before!.tick);
});

it('a submission that two regions took for a home that did not answer becomes one run there, and both learn its outcome', async () => {
  const tenant = mesh.tenants['us']![6]!;
  const request = [{ tenant_id: tenant, workflow: 'w', input: { n: 1 }, idempotency_key: 'taken-twice' }];
  const take = async ({ db }: LinkedRegion) => (await db.call<{ run_id: string }>('request_runs', [JSON.stringify(request)]))[0]!.run_id;
  const between = await mesh.linkAt(ap!, eu!);
  await ap!.db.sql(`alter subscription ${between} disable`); // or ap would answer with what eu has taken
  const [byEu, byAp] = [await take(eu!), await take(ap!)];
  await ap!.db.sql(`alter subscription ${between} enable`);
  expect(byEu).not.toBe(byAp);
  const outcomeAt = async ({ db }: LinkedRegion, id: string) =>
    (await db.call<{ outcome: string; run_id: string }>('read_run_request', [id]))[0];
  await waitFor(
    async () => {
      await us!.db.call('start_requested_runs', [await us!.db.make.leaderToken(), 100]);
      return (await Promise.all([eu!, ap!].flatMap((at) => [outcomeAt(at, byEu), outcomeAt(at, byAp)]))).every(
        (seen) => seen !== undefined && seen.outcome !== 'requested',
      );
    },
    { until: 'both regions know what became of both requests', timeoutMs: 60_000, everyMs: 50 },
  );
  const outcomes = [await outcomeAt(ap!, byEu), await outcomeAt(eu!, byAp)];
  expect(outcomes.map((outcome) => outcome!.outcome).toSorted()).toEqual(['merged', 'started']);
  expect(outcomes[0]!.run_id).toBe(outcomes[1]!.run_id);
  expect(await us!.db.sql(`select run_id from workflow.workflow_runs where idempotency_key = 'taken-twice'`)).toEqual([
    { run_id: outcomes[0]!.run_id },
  ]);
});
