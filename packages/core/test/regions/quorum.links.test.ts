// Quorums, and the brake on claims, over real links and slots.
import { waitFor } from '@singularity-workflow/testkit';
import { Quorum } from '../../src/regions/index.js';
import { Database, QuorumStore } from '../../src/store/index.js';
import { adopt, grantLease, HomedRegions, start } from '../support/homed-regions.js';
import type { LinkedRegion } from '../support/linked-regions.js';

jest.setTimeout(300_000);

let mesh: HomedRegions;
let [eu, us, ap]: LinkedRegion[] = [];

beforeAll(async () => {
  mesh = await HomedRegions.start();
  [eu, us, ap] = ['eu', 'us', 'ap'].map((name) => mesh.at(name));
});
afterAll(() => mesh?.close());

describe('a quorum', () => {
  const waitAt = async ({ db }: LinkedRegion, of: string, timeoutMs: number) => {
    const url = new URL(db.url());
    url.searchParams.set('options', '-c role=workflow_executor');
    const database = new Database({ url: url.href, poolSize: 2 });
    const quorum = new Quorum(new QuorumStore(database));
    const [home] = await db.sql<{ tenure: number }>('select tenure from workflow.home_of(array[$1])', [of]);
    const outcome = async (): Promise<string> => {
      try {
        await quorum.confirm({ tenantId: of, tenure: home!.tenure, zone: 'global', timeoutMs });
        return 'confirmed';
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await database.close();
      }
    };
    return { confirmed: outcome(), quorum };
  };

  it('of three is had with one other region, and what is confirmed is there', async () => {
    const tenant = mesh.tenants['us']![2]!;
    const apLink = await mesh.linkAt(ap!, us!);
    await ap!.db.sql(`alter subscription ${apLink} disable`);
    const runId = await start(us!, tenant);
    expect(await (await waitAt(us!, tenant, 60_000)).confirmed).toBe('confirmed');
    expect(await eu!.db.make.run(runId)).toMatchObject({ tenant_id: tenant });
    await ap!.db.sql(`alter subscription ${apLink} enable`);
  });

  it('is not had without any other region, in time; and is had later, without being asked for again', async () => {
    const tenant = mesh.tenants['us']![2]!;
    await mesh.switchLinksFrom(us!, 'disable');
    await start(us!, tenant);
    expect(await (await waitAt(us!, tenant, 300)).confirmed).toBe('quorum_unavailable');
    const { confirmed, quorum } = await waitAt(us!, tenant, 60_000);
    expect(quorum.waiting).toBe(1);
    await mesh.switchLinksFrom(us!, 'enable');
    expect(await confirmed).toBe('confirmed');
  });

  it('is not acknowledged by a region that was deposed meanwhile, though its peers confirm (M15)', async () => {
    const tenant = mesh.tenants['us']![3]!;
    await mesh.switchLinksFrom(us!, 'disable');
    await start(us!, tenant);
    const { confirmed } = await waitAt(us!, tenant, 60_000);
    const takeover = await mesh.takeOver(us!, ap!, tenant);
    await takeover.learnedBy(us!);
    await mesh.switchLinksFrom(us!, 'enable');
    expect(await confirmed).toBe('quorum_unavailable');
    await adopt(ap!);
  });

  it('is not acknowledged without a lease, or for a group that is stopped for a move', async () => {
    const tenant = mesh.tenants['us']![4]!;
    const group = await mesh.groupOf(tenant);
    await us!.db.call('begin_move', [us!.token, [group], 'ap', 0]);
    await us!.db.call('stop_move', [us!.token, [group]]);
    expect(await (await waitAt(us!, tenant, 60_000)).confirmed).toBe('quorum_unavailable');
    await us!.db.call('give_up_move', [us!.token, [group]]);
    await us!.db.sql('update workflow.region_lease set expires_at = null');
    expect(await (await waitAt(us!, tenant, 60_000)).confirmed).toBe('quorum_unavailable');
    await grantLease(us!);
    expect(await (await waitAt(us!, tenant, 60_000)).confirmed).toBe('confirmed');
  });

  it('a peer that is behind is an alarm, all peers that are behind are a brake on claims', async () => {
    const tenant = mesh.tenants['us']![5]!;
    const throttle = async (bytes = 0) =>
      (await us!.db.call<{ throttle_claims: string | null }>('throttle_claims', [us!.token, bytes]))[0]!.throttle_claims;
    const worker = await us!.db.make.worker();
    const runId = await start(us!, tenant);
    await waitFor(async () => (await throttle()) === null, { until: 'the peers have all', timeoutMs: 60_000 });
    const apLink = await mesh.linkAt(ap!, us!);
    await ap!.db.sql(`alter subscription ${apLink} disable`);
    await start(us!, tenant);
    await waitFor(async () => (await throttle()) === null, { until: 'one peer has all', timeoutMs: 60_000 });
    await ap!.db.sql(`alter subscription ${apLink} enable`);

    await mesh.switchLinksFrom(us!, 'disable');
    await start(us!, tenant);
    expect(await throttle()).toMatch('claims are stopped: 0 of the regions that would confirm are within 0 bytes, 1 must be');
    expect(await worker.claim()).toEqual([]);
    await us!.db.sql(`select pg_logical_emit_message(false, 'much', repeat('x', 10000000), true)`); // what is written by the way is little beside it
    const [lag] = await us!.db.sql<{ bytes: number }>('select min(lag_bytes)::int as bytes from workflow.peer_slots()');
    const most = Math.ceil(1.5 * lag!.bytes); // they are within it, and not within half of it
    expect(await throttle(most)).toMatch(`within ${Math.floor(most / 2)} bytes`);
    expect(await throttle(3 * lag!.bytes)).toBeNull();
    expect(await throttle(most)).toBeNull();
    expect(await throttle()).not.toBeNull();
    await mesh.switchLinksFrom(us!, 'enable');
    await waitFor(async () => (await throttle()) === null, { until: 'the peers have all again', timeoutMs: 60_000 });
    expect((await worker.claim()).map(({ run_id }) => run_id)).toContain(runId);
  });
});
