// No fault: an operator empties a region under load.
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../../harness/moment.js';
import { tenants } from '../../harness/planet-load.js';
import { onPlanet } from './planet-scenario.js';

/** Longer than any handler here takes, for they do not heed their signals. */
const DRAIN_MS = 5_000;
const LIMIT_MS = 180_000;

interface Command {
  readonly state: string;
  readonly outcome: string | null;
}

/** Its groups move to the others, one tenure after the other, while runs are submitted and executed. */
export const evacuationUnderLoad = onPlanet(
  {
    name: 'evacuation-under-load',
    measured: `from the command to its end, of which up to ${DRAIN_MS / 1_000} s let handlers finish`,
    boundMs: null,
  },
  async (trial) => {
    const { region } = await trial.victim();
    const { db } = trial.planet.at(region);
    const from = moment();
    const [{ id }] = (await db.sql('select command_id as id from workflow.request_region_command($1)', [
      { command: 'evacuate', arguments: { region, drain_ms: DRAIN_MS } },
    ])) as [{ id: string }];
    const over = async (): Promise<Command | null> => {
      const [command] = await db.sql<Command>('select state, outcome from workflow.region_commands where command_id = $1', [id]);
      return command!.state === 'done' || command!.state === 'failed' ? command! : null;
    };
    const { state, outcome } = await waitFor(over, { until: `${region} is evacuated`, timeoutMs: LIMIT_MS, everyMs: 100 });
    trial.measured('evacuated', moment() - from);
    trial.same(`the end of the command (${outcome})`, state, 'done');
    const left = [...(await trial.planet.homesOf(tenants)).values()].filter((home) => home === region);
    trial.same('tenants that are still at home there', left.length, 0);
  },
);
