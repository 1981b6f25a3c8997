// 2,000 runs of three steps through two executors: the short form of scenarios/hundred-thousand.long.ts.
import { breaches } from '../checker/checker.js';
import { runChains } from '../harness/chains.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion } from '../harness/region.js';

const RUNS = 2_000;

it(
  'brings 2,000 runs of three steps to the right outputs, each step once',
  inRegion({ executors: 2 }, async (region) => {
    const { right, shares, acknowledged } = await runChains(region, RUNS);
    expect(right).toBe(RUNS);
    expect(shares).toHaveLength(2);
    expect(await region.db.sql('select run_id from workflow.step_tasks where attempt <> 1')).toEqual([]);
    expect(breaches(await readHistory(region.db, { acknowledged, attempts: region.attempts() }))).toEqual([]);
  }),
);
