// No fault: an operator empties a region under load.
import { waitFor } from '@singularity-workflow/testkit';
import { gapsOf, pausesOf } from '../../harness/gaps.js';
import { moment } from '../../harness/moment.js';
import { tenants } from '../../harness/planet-load.js';
import { percentile } from '../table.js';
import { onPlanet } from './planet-scenario.js';
import type { PlanetTrial } from './planet-trial.js';

const LIMIT_MS = 180_000;

interface Command {
  readonly state: string;
  readonly outcome: string | null;
}

/** Its groups move to the others, one tenure after the other, while runs are submitted and executed; what runs longer than MOVE_DRAIN_MS is given back. */
export const evacuationUnderLoad = onPlanet(
  {
    name: 'evacuation-under-load',
    measured: 'from the command to its end; gap: a tenant, from its last handler here to its first one there (2 s are promised)',
    boundMs: null,
  },
  async (trial) => {
    const { region } = await trial.victim();
    const { db } = trial.planet.at(region);
    const homes = await trial.planet.homesOf(tenants);
    const from = moment();
    const [{ id }] = (await db.sql('select command_id as id from workflow.request_region_command($1)', [
      { command: 'evacuate', arguments: { region } },
    ])) as [{ id: string }];
    const over = async (): Promise<Command | null> => {
      const [command] = await db.sql<Command>('select state, outcome from workflow.region_commands where command_id = $1', [id]);
      return command!.state === 'done' || command!.state === 'failed' ? command! : null;
    };
    const { state, outcome } = await waitFor(over, { until: `${region} is evacuated`, timeoutMs: LIMIT_MS, everyMs: 100 });
    const evacuatedMs = moment() - from;
    trial.same(`the end of the command (${outcome})`, state, 'done');
    const left = [...(await trial.planet.homesOf(tenants)).values()].filter((home) => home === region);
    trial.same('tenants that are still at home there', left.length, 0);
    await measureGaps(trial, new Map([...homes].filter(([, home]) => home === region)), from);
    trial.measured('evacuated', evacuatedMs);
  },
  { heeds: true },
);

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
