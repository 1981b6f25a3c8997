// PostgreSQL dies under load and comes back: at once after an immediate shutdown, or after kill -9, away until the executors have missed their
// heartbeats. In turns, a try each.
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../harness/moment.js';
import type { Region } from '../harness/region.js';
import { Stream } from '../harness/stream.js';
import { crashDatabase } from '../nemesis/restart.js';
import type { Scenario } from './scenario.js';
import type { Trial } from './trial.js';

const LIMIT_MS = 60_000;

export const postgresRestarted: Scenario = {
  name: 'postgres-restarted',
  measured: 'from when it is back until starts are acknowledged, queues are rebuilt, handlers begin',
  boundMs: null,
  region: { executors: 2 },
  prepare: async () => ({ strike }),
};

async function strike(trial: Trial): Promise<void> {
  const { region, random } = trial;
  const load = new Stream(trial);
  await load.more(50 + 150 * random());
  await load.queued();
  const rebuilt = await queuesRebuilt(region);
  const isLong = trial.nth % 2 === 1;
  const crash = isLong ? await crashDatabase(region, 'kill', () => heartbeatsMissed(region)) : await crashDatabase(region);
  trial.crashes.push(crash);
  const measures = [
    rebuilt().then((at) => trial.measured('queues', at - crash.to)),
    acknowledgesAgain(trial).then((at) => trial.measured('starts', at - crash.to)),
    handlerBegins(region, crash.to).then((at) => trial.measured('handlers', at - crash.to)),
  ];
  await Promise.all(measures);
  await load.more(50 + 150 * random());
  await load.stop();
  await region.settled();
  trial.same('services that ended', namesOfEnded(region), []);
  await trial.outputsAreRight(trial.acknowledged);
}

const namesOfEnded = (region: Region): string[] => region.services.filter(({ ended }) => ended !== null).map(({ name }) => name);

const startsIn = (region: Region): number[] =>
  region
    .attempts()
    .filter(({ kind }) => kind === 'start')
    .map(({ at }) => at);

async function handlerBegins(region: Region, after: number): Promise<number> {
  const first = () => startsIn(region).find((at) => at > after);
  return waitFor(first, { until: 'a handler begins', timeoutMs: LIMIT_MS, everyMs: 20 });
}

async function acknowledgesAgain({ acknowledged }: Trial): Promise<number> {
  const before = acknowledged.length;
  await waitFor(() => acknowledged.length > before, { until: 'a start is acknowledged', timeoutMs: LIMIT_MS });
  return moment();
}

/** From now on: answers when. */
async function queuesRebuilt(region: Region): Promise<() => Promise<number>> {
  const scheduler = region.of('scheduler')[0]!;
  const before = scheduler.events('queues_rebuilt').length;
  return async () => {
    const isDone = () => scheduler.events('queues_rebuilt').length > before;
    await waitFor(isDone, { until: 'the queues are rebuilt', timeoutMs: LIMIT_MS });
    return moment();
  };
}

async function heartbeatsMissed(region: Region): Promise<void> {
  const executors = region.of('executor');
  const before = executors.map((executor) => executor.events('heartbeat_late').length);
  const all = () => executors.every((executor, at) => executor.events('heartbeat_late').length > before[at]!);
  await waitFor(all, { until: 'the executors have missed their heartbeats', timeoutMs: LIMIT_MS });
}
