// Regions of real processes whose database was weakened: the fault is the same as ever, and the history tells what it did.
import type { LawName } from '../checker/checker.js';
import { REPEAL_LAWS, RECORD_OUTPUTS, weaken, WHOLE_FENCE } from '../checker/weaken.js';
import { randomOf } from '../harness/load.js';
import type { Region } from '../harness/region.js';
import { executorPaused } from './executor-paused.js';
import { schedulerLeaderKilled } from './leaders.js';
import { rehearse } from './rehearsal.js';
import type { Scenario } from './scenario.js';

/** What one try in a weakened region finds. */
async function violationsOf(scenario: Scenario, weakened: (region: Region) => Promise<void>): Promise<string[]> {
  const prepare: Scenario['prepare'] = async (region) => {
    await weakened(region);
    return scenario.prepare(region);
  };
  const { verdicts, failures } = await rehearse({ ...scenario, prepare }, { tries: 1, random: randomOf(`weakened ${scenario.name}`) });
  expect(failures).toEqual([]);
  return verdicts.flatMap(({ violations }) => violations);
}

it('finds that a paused executor and another one completed the same task, where the fence is off', async () => {
  const violations = await violationsOf(executorPaused, async ({ db }) => {
    await db.sql(REPEAL_LAWS);
    await weaken(db, RECORD_OUTPUTS, WHOLE_FENCE, '');
  });
  const laws: readonly LawName[] = ['oneEffectiveCompletionPerTask', 'onlyTheHolderCompletes'];
  for (const law of laws) expect(violations).toContainEqual(expect.stringContaining(law));
  expect(violations).toContainEqual(expect.stringContaining('the answer to the late report of a paused executor'));
});

it('finds that a former leader may act, where no function asks for its lease', async () => {
  const violations = await violationsOf(schedulerLeaderKilled, ({ db }) =>
    weaken(db, 'assert_lease(text, bigint)', 'begin', 'begin\n  return;'),
  );
  expect(violations).toEqual(['the answer to the former token of scheduler: "accepted" instead of "WF302"']);
});
