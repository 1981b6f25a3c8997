// Random graphs, random outcomes, random faults: after every order the tables are what the reference model says, and no law of SPEC.md is
// broken. TEST_SEED repeats a run, TEST_LONG=1 tells many more stories.
import { createTestDatabase, fc, seeded, testEnvironment, type TestDatabase } from '@singularity-workflow/testkit';
import { QUEUES, story, WORKERS, type Story } from './arbitraries.js';
import { Driver } from './driver.js';

const { long, sqlFolder } = testEnvironment();
const STORIES = long ? 600 : 45;
const ORDERS = long ? 60 : 40;
// A failing story is made smaller for as long as this leaves time.
const SHRINK_UNTIL_MS = long ? 3_000_000 : 600_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const seen = new Set<string>();
/** What comes up in every fourth story or more: where one of these is missing, the stories have become dull. */
const MUST_BE_SEEN = [
  'complete accepted',
  'complete already',
  'fail accepted',
  'fail already',
  'run completed',
  'run cancelled',
  'run paused',
  'step skipped handler_failed',
  'abort lost',
  'answer lost',
  'claim lost',
  'handed over',
];

async function tell(told: Story): Promise<void> {
  await db.reset();
  const driver = new Driver(db, told);
  await driver.prepare();
  for (const order of told.orders) {
    await driver.obey(order);
    await driver.check();
  }
  await finish(driver);
  for (const what of driver.seen) seen.add(what);
}

/** Whatever happened before: if everybody works on, every run ends. */
async function finish(driver: Driver): Promise<void> {
  for (const [index] of driver.runs.entries()) await driver.obey({ do: 'resume', run: index });
  const fate = { isLost: false, settles: true };
  const isOpen = () => driver.runs.some((run) => !run.isFinal);
  for (let round = 0; isOpen() && round < 60; round += 1) {
    for (let worker = 0; worker < WORKERS; worker += 1) {
      await driver.obey({ do: 'claim', worker, capacity: 1_000, queues: (1 << QUEUES.length) - 1, fate });
      const picks = Array.from({ length: 50 }, (_, n) => ({ n, stale: false, variant: n % 4 }));
      await driver.obey({ do: 'complete', worker, picks, capacity: 1_000, leads: null, fate });
    }
    await driver.obey({ do: 'advance', ms: 6_000 });
    await driver.obey({ do: 'requeue' });
  }
  await driver.check();
  expect(driver.runs.filter((run) => !run.isFinal).map(({ runId }) => runId)).toEqual([]);
}

it(
  'the engine does what the model does, whatever happens',
  async () => {
    await fc.assert(fc.asyncProperty(story(ORDERS), tell), {
      ...seeded('runs.property', STORIES),
      interruptAfterTimeLimit: SHRINK_UNTIL_MS,
      endOnFailure: sqlFolder !== undefined, // a broken copy: that it fails is all there is to know
    });
    expect(MUST_BE_SEEN.filter((what) => !seen.has(what))).toEqual([]);
  },
  SHRINK_UNTIL_MS + 600_000,
);
