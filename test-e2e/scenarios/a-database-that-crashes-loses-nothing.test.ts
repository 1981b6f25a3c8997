// PostgreSQL restarted in immediate mode under load, twice: back at once, and away until the executors have missed their heartbeats.
import { waitFor } from '@singularity-workflow/testkit';
import type { Acknowledged } from '../checker/history.js';
import { breaches } from '../checker/checker.js';
import { outputOf, randomOf, submit, type Wanted } from '../harness/load.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion, type Region } from '../harness/region.js';
import { crashDatabase } from '../nemesis/restart.js';

const RUNS = 600;

it(
  'ends everything that was acknowledged exactly once, with no process gone, though the queues were emptied twice',
  inRegion({ executors: 2 }, async (region) => {
    const random = randomOf('database crashes');
    const { db } = region;
    const acknowledged: Acknowledged[] = [];
    const load = submitAll(region, work(random), acknowledged);

    await reached(acknowledged, RUNS * (0.1 + 0.2 * random()));
    await crashDatabase(region);
    await reached(acknowledged, RUNS * (0.5 + 0.2 * random()));
    const executors = region.of('executor');
    await crashDatabase(region, () => Promise.all(executors.map((executor) => executor.event('heartbeat_late'))));
    await load;
    await region.settled();

    expect(region.services.filter(({ ended }) => ended !== null).map(({ name }) => name)).toEqual([]);
    const rebuilt = region.of('scheduler')[0]!.events('queues_rebuilt');
    expect(rebuilt).toHaveLength(2);
    expect(acknowledged).toHaveLength(RUNS);
    expect(await region.outputs(acknowledged)).toEqual(acknowledged.map(outputOf));
    expect(breaches(await readHistory(db, { acknowledged, attempts: region.attempts() }))).toEqual([]);
  }),
);

/** Chains and fans, of handlers that take no time or a little, some of which fail at first. */
function work(random: () => number): Wanted[] {
  return Array.from({ length: RUNS }, (_, n) => {
    const workflow = random() < 0.7 ? 'e2e-chain' : 'e2e-fan';
    const input = { n, workMs: random() < 0.5 ? 0 : Math.round(random() * 200), failures: random() < 0.1 ? 1 : 0 };
    return { key: `crash-${n}`, workflow, input };
  });
}

/** A few at a time, so that the load goes on over both crashes. */
async function submitAll({ client }: Region, wanted: readonly Wanted[], acknowledged: Acknowledged[]): Promise<void> {
  for (let from = 0; from < wanted.length; from += 5) acknowledged.push(...(await submit(client, wanted.slice(from, from + 5))));
}

async function reached(acknowledged: readonly Acknowledged[], count: number): Promise<void> {
  await waitFor(() => acknowledged.length >= count, { until: `${Math.round(count)} runs are acknowledged`, timeoutMs: 60_000 });
}
