// What a dead region had that nobody else had, and what happens when its successor dies as well.
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../../harness/moment.js';
import { tenants } from '../../harness/planet-load.js';
import { survey } from '../../harness/survey.js';
import { decidedElsewhere, TAKEOVER_BOUND_MS, takenOver } from './elsewhere.js';
import { onPlanet } from './planet-scenario.js';
import { submitOneEach } from './same-keys.js';

const LIMIT_MS = 180_000;

/**
 * A region acknowledges runs that reach nobody, and dies. Others take over; it returns with rows that nobody had: they are adopted where its tenants are
 * at home now, and run to their ends.
 */
export const lateRowsReturn = onPlanet(
  { name: 'late-rows-return', measured: 'from the cut to the first task of its tenants elsewhere', boundMs: TAKEOVER_BOUND_MS },
  async (trial) => {
    const victim = await trial.victim();
    const { planet } = trial;
    const from = new Date();
    for (const other of victim.others) planet.passages.cut(victim.region, other);
    const late = await submitOneEach(trial, victim.tenants, { key: trial.named('late'), homeOf: () => victim.region });
    trial.holds('a region that was cut off acknowledges runs while it has its lease', late.length > 0);
    await planet.kill(victim.region);
    trial.stopped(victim.region, moment());
    planet.passages.heal();
    await takenOver(trial, victim, from);
    await planet.bringBack(victim.region);
  },
);

/**
 * The successor dies as soon as it is chosen, so that it has adopted little or nothing. One of three is no majority: it executes nothing new for others. With
 * the first one back there is a majority again, which gives the homes of the second one to who is there.
 */
export const successorKilled = onPlanet(
  {
    name: 'successor-killed',
    measured: 'from the start of the first region (its services included) to the decision about the homes of its successor',
    boundMs: null,
  },
  async (trial) => {
    const victim = await trial.victim();
    const { planet } = trial;
    const from = new Date();
    await planet.kill(victim.region);
    trial.stopped(victim.region, moment());
    await decidedElsewhere(trial, victim, from);
    const homes = await planet.homesOf(tenants);
    const successor = homes.get(victim.tenants[0]!)!;
    await planet.kill(successor);
    trial.stopped(successor, moment());
    const [alone] = planet.up;
    const { db } = planet.at(alone!);
    await waitFor(async () => (await survey(db)).leaseMs === null, { until: `${alone} is alone and has no lease`, timeoutMs: LIMIT_MS });
    const epoch = (await survey(db)).epoch;
    const back = moment();
    const isDecided = async () => (await survey(db)).epoch > epoch;
    const decided = waitFor(isDecided, { until: `the homes of ${successor} are given to others`, timeoutMs: LIMIT_MS, everyMs: 100 }).then(
      moment,
    );
    await Promise.all([planet.bringBack(victim.region), decided]);
    trial.measured('decided', (await decided) - back);
    await planet.bringBack(successor);
  },
);
