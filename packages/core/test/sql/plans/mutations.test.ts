// What the comparison is for: an index that is gone, settings that were loosened, an estimate of another magnitude are each reported by name.
import { fill, startOpen } from './filled.js';
import { differences } from './compare.js';
import { readRecorded } from './record.js';
import { stories } from './stories.js';
import { createSuite, plansOf, type Suite } from './suite.js';
import type { WatchedSession } from './watched.js';

const FEW = 12;
const SMALL_BATCH = 4;
const BATCH = 200;
const HISTORY = 6_000;
const LIMIT_MS = 600_000;

let suite: Suite;
let early: WatchedSession;
const story = (name: string) => [stories.find((one) => one.name === name)!];
const found = async (name: string, session: WatchedSession, statistics = true) =>
  differences(readRecorded(), await plansOf(suite.filled, session, BATCH, story(name)), { statistics, complete: false });

beforeAll(async () => {
  suite = await createSuite();
  for (const fn of ['hand_out_tasks', 'start_tasks']) await suite.filled.db.sql(`alter function workflow.${fn} reset all`); // a caller's settings hold inside
  early = await suite.open();
  await startOpen(suite.filled, FEW);
  await plansOf(suite.filled, early, SMALL_BATCH, story('start_tasks: roots'));
  await fill(suite.filled, HISTORY);
}, LIMIT_MS);
afterAll(() => suite.close());

it('a function without its settings keeps the plan of small tables: it is seen to read the whole of a large one', async () => {
  expect(await found('start_tasks: roots', early, false)).toContainEqual(
    expect.stringMatching(/^hand_out_tasks: reads the whole of workflow_runs: with message/),
  );
});

it.each([
  [
    'one_run_per_key',
    'start_runs: again',
    /^answer_run_requests: reads no more by one_run_per_key \(tenant_id, workflow, idempotency_key\)/,
  ],
  ['claims_of_a_worker', 'heartbeat: many in flight', /^mark_lost_claims: reads no more by claims_of_a_worker \(worker_id\)/],
  ['timers_by_due_time', 'start_due_runs', /^due_timers: reads no more by timers_by_due_time \(kind, due_at\)/],
])('without index %s, it is named', async (index, call, sentence) => {
  await suite.filled.db.sql(`drop index workflow.${index}`);
  // What is unique must stay so, or no key is ever found taken; but by an index of another order.
  await suite.filled.db.sql(
    'create unique index if not exists another_order on workflow.workflow_runs (idempotency_key, workflow, tenant_id)',
  );
  expect(await found(call, await suite.open())).toContainEqual(expect.stringMatching(sentence));
});

it('an estimate that is an order of magnitude higher is seen', async () => {
  await suite.filled.db.sql('alter function workflow.tasks_in_flight rows 100000');
  expect(await found('requeue_lost_tasks: of a dead worker', await suite.open())).toContainEqual(
    expect.stringMatching(/^find_lost_tasks: costs \d+, \d+ when it was recorded/),
  );
});
