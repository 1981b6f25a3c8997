// Random interleavings of three regions' streams, told transaction by transaction: homes change, deposed ones write on, rows come late, twice, or
// again by a copy, keys are raced for, runs are deleted. When everything has arrived all regions have the same rows. TEST_SEED repeats a run.
import { fc, seeded, testEnvironment } from '@singularity-workflow/testkit';
import { EVERY_CONFLICT, order, type Order } from './orders.js';
import { differences, Region, type Sent } from './region.js';
import { REPLICATED_TABLES } from './story.sql.js';
import { World } from './world.js';

const { long } = testEnvironment();
const STORIES = long ? 500 : 25;
const ORDERS = long ? 120 : 60;
const SHRINK_UNTIL_MS = long ? 3_000_000 : 600_000;

interface Link {
  readonly from: Region;
  readonly to: Region;
  /** Transactions up to here have arrived. */
  arrived: number;
  /** Of a copy under way: the rest arrives before anything else of this link. */
  copy: Sent[];
}

let regions: Region[];
beforeAll(async () => {
  regions = await Promise.all(['a', 'b', 'c'].map((name) => Region.make(name)));
});
afterAll(() => Promise.all((regions ?? []).map((region) => region.close())));

const seen = { conflicts: new Set<string>(), copies: 0, adopted: 0, lost: 0 };

class Streams {
  readonly links: Link[] = regions.flatMap((from) => regions.filter((to) => to !== from).map((to) => ({ from, to, arrived: 0, copy: [] })));

  async deliver(link: Link, transactions: number): Promise<number> {
    const copied = link.copy.splice(0, transactions);
    for (const { entries } of copied) await link.to.apply(entries);
    const sent = await link.from.sentAfter(link.arrived, transactions - copied.length);
    for (const { seq, entries } of sent) {
      await link.to.apply(entries);
      link.arrived = seq;
    }
    return copied.length + sent.length;
  }

  /** The slot was somewhere before: what arrived already arrives again. */
  async replay(link: Link, transactions: number): Promise<void> {
    const all = await link.from.sentAfter(0, Number.MAX_SAFE_INTEGER);
    const again = all.filter(({ seq }) => seq <= link.arrived).slice(-transactions - 1);
    if (again.length > 0) link.arrived = again[0]!.seq - 1;
  }

  /** All that the source has, in an order of tables that is nobody's, over what is there; then what it has written since. */
  async copy(link: Link, mix: number): Promise<void> {
    const [last] = (await link.from.sentAfter(0, Number.MAX_SAFE_INTEGER)).slice(-1);
    link.copy = [];
    for (let at = 0; at < REPLICATED_TABLES.length; at += 1) {
      const tab = REPLICATED_TABLES[(at * 4 + mix) % REPLICATED_TABLES.length]!; // 11 tables: every one comes once
      const rows = await link.from.rowsOf(tab);
      if (rows.length > 0) link.copy.push({ seq: 0, entries: rows.map((entry) => ({ tab, op: 'insert' as const, entry })) });
    }
    if (last) link.arrived = last.seq;
    seen.copies += 1;
  }

  async deliverAll(): Promise<number> {
    let delivered = 0;
    for (const link of this.links) delivered += await this.deliver(link, Number.MAX_SAFE_INTEGER);
    return delivered;
  }
}

async function obey(one: Order, world: World, streams: Streams): Promise<void> {
  switch (one.do) {
    case 'deliver':
      await streams.deliver(streams.links[one.link]!, one.transactions + 1);
      return;
    case 'replay':
      return streams.replay(streams.links[one.link]!, one.transactions);
    case 'copy':
      return streams.copy(streams.links[one.link]!, one.link);
    default: {
      const didSomething = await world.obey(one);
      if (one.do === 'adopt' && didSomething === true) seen.adopted += 1;
    }
  }
}

async function tell(orders: readonly Order[]): Promise<void> {
  for (const region of regions) await region.empty();
  const world = new World(regions.map(({ db }) => db));
  const streams = new Streams();
  for (const one of orders) await obey(one, world, streams);
  for (let round = 0; (await streams.deliverAll()) > 0 || (await world.adoptAsHome()); round += 1) {
    if (round > 20) throw new Error('does not come to rest');
  }
  expect(await differences(regions)).toEqual([]);
  await judge(world);
}

/** Equal is not enough: nothing that was started may be missing but what was deleted or lost its key, and nothing may be left of what is gone. */
async function judge(world: World): Promise<void> {
  const { db } = regions[0]!;
  const stand = new Set((await db.sql<{ run_id: string }>('select run_id from workflow.workflow_runs')).map(({ run_id }) => run_id));
  for (const [runId, { key }] of world.started) {
    if (world.deleted.has(runId)) expect([runId, stand.has(runId)]).toEqual([runId, false]);
    else if (key === null) expect([runId, stand.has(runId)]).toEqual([runId, true]);
    else if (!stand.has(runId)) seen.lost += 1;
  }
  const keys = new Set([...world.started.values()].flatMap(({ key }) => (key === null ? [] : [key])));
  const standing = await db.sql<{ idempotency_key: string }>(
    'select idempotency_key from workflow.workflow_runs where idempotency_key is not null',
  );
  expect(standing.map(({ idempotency_key }) => idempotency_key).toSorted()).toEqual([...keys].toSorted());
  const [odd] = await db.sql(
    `select count(*) filter (where r.run_id is null) as orphans, count(*) filter (where r.home_epoch <> c.home_epoch) as mixed
       from (select run_id, home_epoch from workflow.step_states union all select run_id, home_epoch from workflow.step_tasks
             union all select run_id, home_epoch from workflow.step_attempts) c
       left join workflow.workflow_runs r using (run_id)`,
  );
  expect(odd).toEqual({ orphans: 0, mixed: 0 });
  for (const region of regions) {
    for (const { kind } of await region.db.sql<{ kind: string }>('select distinct kind from workflow.replication_conflicts'))
      seen.conflicts.add(kind);
  }
}

it(
  'whatever arrives in whatever order, all regions end with the same rows',
  async () => {
    const stories = fc.array(order, { minLength: ORDERS / 2, maxLength: ORDERS });
    await fc.assert(fc.asyncProperty(stories, tell), {
      ...seeded('convergence', STORIES),
      examples: [[[...EVERY_CONFLICT]]],
      interruptAfterTimeLimit: SHRINK_UNTIL_MS,
    });
    expect(seen.copies).toBeGreaterThan(0);
    expect(seen.adopted).toBeGreaterThan(0);
    expect(seen.lost).toBeGreaterThan(0);
    for (const kind of ['stale', 'superseded', 'lost_key', 'lost_run']) expect(seen.conflicts).toContain(kind);
  },
  SHRINK_UNTIL_MS + 180_000,
);
