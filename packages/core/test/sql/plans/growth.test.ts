// The work of every hot call is counted (pages, rows, statements), with a batch of 100 and with one of 1,000: per element it does not grow, and it is
// about what was recorded (packages/core/plans/calls.txt). Counts do not depend on what else the machine does.
import { dearer, growing, readCalls, writeCalls, type Calls } from './calls.js';
import { fill } from './filled.js';
import { createSuite, type Suite, workOfCalls, WRITING } from './suite.js';

const LIMIT_MS = 600_000;

let suite: Suite;
let calls: Calls;

beforeAll(async () => {
  suite = await createSuite();
  await fill(suite.filled);
  await suite.filled.db.sql('analyze');
  calls = await workOfCalls(suite.filled, await suite.open());
  if (WRITING) writeCalls(calls);
}, LIMIT_MS);
afterAll(() => suite.close());

it('does not grow faster than the batch', () => {
  expect(growing(calls)).toEqual([]);
});

it('is about what was recorded', () => {
  expect(dearer(readCalls(), calls)).toEqual([]);
});

it('a call that compares everything with everything would be seen', async () => {
  const squared = {
    name: 'squared',
    prepare:
      async ({ session }: { session: { sql: (text: string, values: unknown[]) => Promise<unknown> } }, count: number) =>
      () =>
        session.sql('select a from generate_series(1, $1::int) a join generate_series(1, $1::int) b on b > a + 1000000', [count]),
  };
  const found = await workOfCalls(suite.filled, await suite.open(), [squared]);
  expect(growing(found)).toEqual([
    expect.stringContaining('squared: rows per element grow'),
    expect.stringContaining('squared: thrownAway'),
  ]);
});
