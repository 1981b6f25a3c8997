// Regions that are lost for the others: dead, cut off, heard by nobody, standing still. The others take over; it comes back, is deposed, and catches up.
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../../harness/moment.js';
import { standStill } from '../../harness/standstill.js';
import { survey } from '../../harness/survey.js';
import { TAKEOVER_BOUND_MS, takenOver } from './elsewhere.js';
import { onPlanet } from './planet-scenario.js';
import type { PlanetTrial, Victim } from './planet-trial.js';

const FENCED_LIMIT_MS = 60_000;
const bound = { boundMs: TAKEOVER_BOUND_MS };

/** kill -9 of a region's database and services. */
export const regionKilled = onPlanet(
  { name: 'region-killed', measured: 'from the kill to the first task of its tenants elsewhere', ...bound },
  async (trial) => {
    const victim = await trial.victim();
    const from = new Date();
    await trial.planet.kill(victim.region);
    trial.stopped(victim.region, moment());
    await takenOver(trial, victim, from);
    await trial.planet.bringBack(victim.region);
  },
);

/** All its ways to and from the others are cut; its clients and executors reach it. */
export const regionPartitioned = onPlanet(
  { name: 'region-partitioned', measured: 'from the cut to the first task of its tenants elsewhere', ...bound },
  (trial) =>
    unreachable(trial, (victim) => {
      for (const other of victim.others) trial.planet.passages.cut(victim.region, other);
    }),
);

/** In turn: nobody hears it, it hears nobody. */
export const oneWayCut = onPlanet(
  { name: 'one-way-cut', measured: 'from the cut to the first task of its tenants elsewhere', ...bound },
  (trial) =>
    unreachable(trial, ({ region, others }) => {
      const { passages } = trial.planet;
      for (const other of others)
        if (trial.nth % 2 === 0) passages.swallow(region, other);
        else passages.swallow(other, region);
    }),
);

/** Database and services stand still until the others have taken over, and go on as if nothing had been. */
export const regionPaused = onPlanet(
  { name: 'region-paused', measured: 'from the stop to the first task of its tenants elsewhere', ...bound },
  async (trial) => {
    const victim = await trial.victim();
    const from = new Date();
    const goOn = await standStill(trial.planet.at(victim.region));
    trial.stopped(victim.region, moment());
    try {
      await takenOver(trial, victim, from);
    } finally {
      goOn();
    }
  },
);

async function unreachable(trial: PlanetTrial, cut: (victim: Victim) => void): Promise<void> {
  const victim = await trial.victim();
  const from = new Date();
  cut(victim);
  await takenOver(trial, victim, from);
  const { db } = trial.planet.at(victim.region);
  await waitFor(async () => (await survey(db)).leaseMs === null, { until: `${victim.region} has no lease`, timeoutMs: FENCED_LIMIT_MS });
}
