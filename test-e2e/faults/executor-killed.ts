// kill -9 of an executor with all its slots taken.
import type { Region } from '../harness/region.js';
import { kill } from '../nemesis/kill.js';
import type { Scenario } from './scenario.js';
import type { Trial } from './trial.js';

const SLOTS = 50; // CONCURRENCY by default
const HEARTBEAT_MS = 2_000;

export const executorKilled: Scenario = {
  name: 'executor-killed',
  measured: 'from kill -9 until its first and its last task run elsewhere',
  boundMs: 10_000,
  region: {},
  prepare: async () => ({ strike }),
};

async function strike(trial: Trial): Promise<void> {
  const { region } = trial;
  const victim = region.of('executor')[0]!;
  const running = await trial.submit('e2e-held', SLOTS, { gates: ['never'] });
  await region.started(victim, SLOTS);
  const heir = await region.add('executor');
  const others = await trial.submit('e2e-chain', SLOTS);
  await trial.anyMoment(HEARTBEAT_MS);
  const killedAt = await kill(victim);
  await region.settled();

  const again = startsOf(region, heir.name);
  trial.measured('first task', (again[0] ?? NaN) - killedAt);
  trial.measured('last task', (again.at(-1) ?? NaN) - killedAt);
  trial.same('tasks that ran again', again.length, SLOTS);
  await trial.outputsAreRight(running, ({ input }) => ({ hold: { n: (input as { n: number }).n, by: heir.name } }));
  await trial.outputsAreRight(others);
}

/** When second attempts began in this process. */
function startsOf(region: Region, name: string): number[] {
  return region
    .attempts()
    .filter((note) => note.kind === 'start' && note.process === name && note.attempt === 2)
    .map(({ at }) => at);
}
