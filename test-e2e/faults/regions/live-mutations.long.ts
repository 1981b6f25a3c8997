// A planet whose regions do not fence themselves: the cut is the same as ever, and the history tells what it did. `pnpm --filter test-e2e unfenced-regions`,
// two minutes.
import type { RegionLawName } from '../../checker/regions.js';
import { weaken } from '../../checker/weaken.js';
import { randomOf } from '../../harness/load.js';
import { rehearse } from '../rehearsal.js';
import { takenOver } from './elsewhere.js';
import { onPlanet } from './planet-scenario.js';

/** A backlog that keeps the lost region busy beyond the takeover: a third of the runs, three steps each, a few at a time. Each attempt is short, so that all ends. */
const RUNS = 600;
const WORK_MS = 1_000;

const unfenced = onPlanet({ name: 'unfenced', measured: 'nothing', boundMs: null }, async (trial) => {
  const { planet } = trial;
  for (const name of planet.names) await weaken(planet.at(name).db, 'lease_left_ms()', 'return null;', 'return 60000;');
  const victim = await trial.victim();
  await trial.longWork(WORK_MS, RUNS);
  const from = new Date();
  for (const other of victim.others) planet.passages.cut(victim.region, other);
  await takenOver(trial, victim, from);
});

it('finds that a tenant was executed in two regions at once, where a region that lost its lease goes on', async () => {
  const { verdicts, failures } = await rehearse(unfenced, { tries: 1, random: randomOf('unfenced') });
  expect(failures).toEqual([]);
  const law: RegionLawName = 'noTenantInTwoRegionsAtOnce';
  expect(verdicts.flatMap(({ violations }) => violations)).toContainEqual(expect.stringContaining(law));
});
