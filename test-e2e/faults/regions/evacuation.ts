// No fault: an operator empties a region under load.
import { waitFor } from '@singularity-workflow/testkit';
import { gapsOf, pausesOf } from '../../harness/gaps.js';
import { moment } from '../../harness/moment.js';
import { tenants } from '../../harness/planet-load.js';
import { carriedOut } from '../../harness/region-command.js';
import { Deafness } from '../../nemesis/deafness.js';
import { percentile } from '../table.js';
import { onPlanet, REGIONS } from './planet-scenario.js';
import type { PlanetTrial } from './planet-trial.js';

const LIMIT_MS = 180_000;

/** Its groups move to the others, one tenure after the other, while runs are submitted and executed; what runs longer than MOVE_DRAIN_MS is given back. */
export const evacuationUnderLoad = onPlanet(
  {
    name: 'evacuation-under-load',
    measured: 'from the command to its end; gap: a tenant, from its last handler here to its first one there (2 s are the aim)',
    boundMs: null,
  },
  evacuate,
);

/** Before the database of each region. */
const deaf: Deafness[] = [];

/** The same where no notification reaches any service, as behind a pooler: all they know of a move they find by polling. */
export const evacuationByPolling = onPlanet(
  {
    name: 'evacuation-by-polling',
    measured: 'the same while no notification reaches anybody (5 s are the aim)',
    boundMs: null,
  },
  async (trial) => {
    await evacuate(trial);
    trial.same(
      'every region has swallowed notifications',
      deaf.slice(-REGIONS.length).filter(({ swallowed }) => swallowed > 0).length,
      REGIONS.length,
    );
  },
  {
    region: {
      pooler: async ([login]) => {
        deaf.push(await Deafness.before(login!));
        return deaf.at(-1)!;
      },
    },
  },
);

async function evacuate(trial: PlanetTrial): Promise<void> {
  const { region } = await trial.victim();
  const homes = await trial.planet.homesOf(tenants);
  const from = moment();
  const { state, outcome } = await carriedOut(trial.planet.at(region), 'evacuate', { region });
  const evacuatedMs = moment() - from;
  trial.same(`the end of the command (${outcome})`, state, 'done');
  const left = [...(await trial.planet.homesOf(tenants)).values()].filter((home) => home === region);
  trial.same('tenants that are still at home there', left.length, 0);
  await measureGaps(trial, new Map([...homes].filter(([, home]) => home === region)), from);
  trial.measured('evacuated', evacuatedMs);
}

/** Of tenants that have moved, by where they were at home before. Returns when each of them has run something since. */
export async function measureGaps(trial: PlanetTrial, before: ReadonlyMap<string, string>, from: number): Promise<void> {
  const gaps = await waitFor(
    () => {
      const seen = gapsOf(trial.starts(), before, from);
      return seen.size === before.size ? [...seen.values()] : null;
    },
    { until: 'every tenant that has moved runs something', timeoutMs: LIMIT_MS, everyMs: 500 },
  );
  const pauses = pausesOf(trial.starts(), before, from);
  if (gaps.length === 0 || pauses.length === 0) return;
  trial.measured('longest gap', Math.max(...gaps));
  trial.measured('gap p50', percentile(gaps, 50));
  trial.measured('pause without a move, p99', percentile(pauses, 99));
  trial.measured('pause without a move, p50', percentile(pauses, 50));
}
