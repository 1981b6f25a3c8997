// The plans of the hot calls on a filled database are those that were recorded (packages/core/plans): the same indexes by the same columns, no new
// scan of a table that grows, no cost of another order of magnitude.
import { fill, startOpen } from './filled.js';
import { differences } from './compare.js';
import { readRecorded, type Recorded, writeRecorded } from './record.js';
import { createSuite, plansOf, type Suite, warm, WRITING } from './suite.js';
import type { WatchedSession } from './watched.js';

const FEW = 12;
const SMALL_BATCH = 4;
const BATCH = 200;
const FILL_LIMIT_MS = 600_000;

let suite: Suite;
let early: WatchedSession;
let recorded: Recorded;

// In this order: plans that exist are thrown away by statistics.
beforeAll(async () => {
  suite = await createSuite();
  early = await suite.open();
  await startOpen(suite.filled, FEW);
  await warm(suite.filled, early, SMALL_BATCH);
  await fill(suite.filled);
  const { db } = suite.filled;
  if (WRITING) {
    await db.sql('analyze');
    writeRecorded(await plansOf(suite.filled, await suite.open(), BATCH));
  }
  recorded = readRecorded();
}, FILL_LIMIT_MS);
afterAll(() => suite.close());

const WITHOUT_STATISTICS = { statistics: false, complete: false };

it(
  'made while the tables were small, they are as good when the tables are large',
  async () => {
    expect(differences(recorded, await plansOf(suite.filled, early, BATCH), WITHOUT_STATISTICS)).toEqual([]);
  },
  FILL_LIMIT_MS,
);

it(
  'without statistics, they read by the same indexes',
  async () => {
    expect(differences(recorded, await plansOf(suite.filled, await suite.open(), BATCH), WITHOUT_STATISTICS)).toEqual([]);
  },
  FILL_LIMIT_MS,
);

it(
  'with statistics, they are what was recorded',
  async () => {
    await suite.filled.db.sql('analyze');
    expect(differences(recorded, await plansOf(suite.filled, await suite.open(), BATCH))).toEqual([]);
  },
  FILL_LIMIT_MS,
);
