// A planet whose regions do not fence themselves: the cut is the same as ever, and the history tells what it did.
import type { RegionLawName } from '../../checker/regions.js';
import { weaken } from '../../checker/weaken.js';
import { randomOf } from '../../harness/load.js';
import { rehearse } from '../rehearsal.js';
import { takenOver } from './elsewhere.js';
import { onPlanet } from './planet-scenario.js';

/** Longer than a takeover. */
const WORK_MS = 20_000;

const unfenced = onPlanet({ name: 'unfenced', measured: 'nothing', boundMs: null }, async (trial) => {
  const { planet } = trial;
  for (const name of planet.names) await weaken(planet.at(name).db, 'lease_left_ms()', 'return null;', 'return 60000;');
  const victim = await trial.victim();
  await trial.longWork(WORK_MS);
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
