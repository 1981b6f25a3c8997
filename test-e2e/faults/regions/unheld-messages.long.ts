// A planet that does not hold back messages of runs with durability quorum: the cut is the same as ever, and the history tells what it did.
// `pnpm --filter test-e2e unheld-messages`, three minutes.
import type { RegionLawName } from '../../checker/regions.js';
import { weaken } from '../../checker/weaken.js';
import { randomOf } from '../../harness/load.js';
import { rehearse } from '../rehearsal.js';
import { takenOver } from './elsewhere.js';
import { onPlanet } from './planet-scenario.js';

/** A backlog that keeps the lost region busy until its lease ends, of steps so short that runs go on by some of them between the cut and that. */
const RUNS = 400;
const WORK_MS = 1_000;

const unheld = onPlanet({ name: 'unheld', measured: 'nothing', boundMs: null }, async (trial) => {
  const { planet } = trial;
  for (const name of planet.names)
    await weaken(
      planet.at(name).db,
      'hold_messages(workflow.outgoing_message[])',
      'begin',
      'begin return workflow.send_messages(p_messages);',
    );
  const victim = await trial.victim();
  await trial.longWork(WORK_MS, RUNS, 'quorum');
  const from = new Date();
  for (const other of victim.others) planet.passages.cut(victim.region, other);
  await takenOver(trial, victim, from);
});

it('finds that steps were given outputs which are forgotten, where nothing waits for other regions', async () => {
  const { verdicts, failures } = await rehearse(unheld, { tries: 1, random: randomOf('unheld') });
  expect(failures).toEqual([]);
  const law: RegionLawName = 'nothingWasBuiltOnWhatIsForgotten';
  expect(verdicts.flatMap(({ violations }) => violations)).toContainEqual(expect.stringContaining(law));
});
