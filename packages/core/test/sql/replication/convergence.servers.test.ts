// Three real servers and logical replication between all of them: links are cut and healed, made anew by copies over filled tables, homes change,
// deposed ones write on, keys are raced for. In the end all have the same rows, and no apply worker ever failed but in a deadlock.
// TEST_SEED repeats a run.
import { fc, seeded, testEnvironment } from '@singularity-workflow/testkit';
import { order, type Order } from './orders.js';
import { Servers } from './servers.js';
import { World } from './world.js';

const { long } = testEnvironment();
const STORIES = long ? 80 : 5;
const ORDERS = long ? 100 : 50;
const TIME_LIMIT_MS = long ? 3_000_000 : 600_000;
const COPIES_MAX = 2;

let servers: Servers;
beforeAll(async () => {
  servers = await Servers.start(3);
}, 180_000);
afterAll(() => servers?.close());

class Story {
  private copies = 0;
  constructor(private readonly world: World) {}

  async obey(one: Order): Promise<unknown> {
    switch (one.do) {
      case 'deliver':
        return servers.links[one.link]!.heal();
      case 'replay':
        return servers.links[one.link]!.cut();
      case 'copy':
        this.copies += 1;
        return this.copies > COPIES_MAX ? undefined : servers.remake(one.link);
      default:
        return this.world.obey(one);
    }
  }
}

async function tell(orders: readonly Order[]): Promise<void> {
  await servers.empty();
  const world = new World(servers.mesh.databases);
  const story = new Story(world);
  for (const one of orders) await story.obey(one);
  for (let round = 0; ; round += 1) {
    if (round > 20) throw new Error('does not come to rest');
    await servers.rest();
    if (!(await world.adoptAsHome())) break;
  }
  expect(await servers.differences()).toEqual([]);
  expect(await servers.applyErrors()).toBe(0);
}

it(
  'over real links too, all regions end with the same rows',
  async () => {
    const stories = fc.array(order, { minLength: ORDERS / 2, maxLength: ORDERS });
    await fc.assert(fc.asyncProperty(stories, tell), { ...seeded('servers', STORIES), interruptAfterTimeLimit: TIME_LIMIT_MS });
  },
  TIME_LIMIT_MS + 120_000,
);

it('three regions that start runs with the same keys at the same time end with one run a key, and no child of a loser', async () => {
  await servers.empty();
  const keys = Array.from({ length: 150 }, (_, n) => `k${n}`);
  const client = async (index: number) => {
    const session = await servers.mesh.databases[index % 3]!.session();
    for (let at = 0; at < keys.length; at += 1) {
      const key = keys[(at * 7 + index * 13) % keys.length]!;
      await session.sql('select story.start($1, uuidv7(), $2)', [3 + (index % 3), key]);
      if (at % 3 === 0) await session.sql('select story.write($1, $2, $3, $4)', [3 + (index % 3), at, at % 5, key]);
    }
  };
  await Promise.all([0, 1, 2, 3, 4, 5].map(client));
  await servers.rest();
  expect(await servers.differences()).toEqual([]);
  const [db] = servers.mesh.databases;
  const [seen] = await db!.sql(
    `select count(*) as runs, count(distinct idempotency_key) as keys,
            (select count(*) from workflow.step_tasks t where not exists (select from workflow.workflow_runs r where r.run_id = t.run_id)) as orphans
       from workflow.workflow_runs`,
  );
  expect(seen).toEqual({ runs: keys.length, keys: keys.length, orphans: 0 });
}, 180_000);
