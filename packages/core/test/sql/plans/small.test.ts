// Statistics of the first minute, when tables fit a page: plans made with them stay until the next ones come, while the tables grow. They are
// tolerable only if they read by index already.
import { differences } from './compare.js';
import { fill, startOpen } from './filled.js';
import { readRecorded } from './record.js';
import { createSuite, plansOf, type Suite, warm } from './suite.js';

const FEW = 12;
const SMALL_BATCH = 4;
const BATCH = 200;
const HISTORY = 6_000;
const LIMIT_MS = 600_000;

let suite: Suite;

beforeAll(async () => {
  suite = await createSuite();
}, LIMIT_MS);
afterAll(() => suite.close());

it(
  'made with the statistics of small tables, plans are as good when the tables are large',
  async () => {
    await startOpen(suite.filled, FEW);
    await suite.filled.db.sql('analyze');
    const early = await suite.open();
    await warm(suite.filled, early, SMALL_BATCH);
    await fill(suite.filled, HISTORY);
    expect(differences(readRecorded(), await plansOf(suite.filled, early, BATCH), { statistics: false, complete: false })).toEqual([]);
  },
  LIMIT_MS,
);
