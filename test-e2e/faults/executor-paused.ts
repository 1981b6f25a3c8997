// SIGSTOP of an executor past its heartbeat timeout, SIGCONT after others took its work.
//
// Two kinds of tasks are in its hands: those that wait, and one whose handler is about to return: its completion is reported before the process has
// noticed anything, while the attempt of the other still runs.
import { waitFor } from '@singularity-workflow/testkit';
import type { Acknowledged } from '../checker/history.js';
import { moment } from '../harness/moment.js';
import type { Region } from '../harness/region.js';
import type { Service } from '../harness/service.js';
import { pause, resume } from '../nemesis/pause.js';
import type { Scenario } from './scenario.js';
import type { Trial } from './trial.js';

const WAITING = 20;
const HEARTBEAT_MS = 2_000;
const ANSWER_LIMIT_MS = 60_000;

export const executorPaused: Scenario = {
  name: 'executor-paused',
  measured: 'from SIGSTOP until the last of its tasks runs elsewhere',
  boundMs: 10_000,
  region: {},
  prepare: async () => ({ strike }),
};

async function strike(trial: Trial): Promise<void> {
  const { region } = trial;
  const zombie = region.of('executor')[0]!;
  const firstId = workerIdOf(zombie);
  const waiting = await trial.submit('e2e-held', WAITING, { gates: ['never'] });
  await region.started(zombie, WAITING);
  const [wakes, refused] = [trial.named('zombie wakes'), trial.named('zombie was answered')];
  const returning = (await trial.submit('e2e-stubborn', 1, { gates: [wakes, refused] }))[0]!;
  await region.started(zombie, WAITING + 1);
  await trial.anyMoment(HEARTBEAT_MS);
  const pausedAt = moment();
  await pause(zombie);

  const heir = await region.add('executor');
  await region.settled(waiting);
  await region.started(heir, WAITING + 1);
  trial.measured('last task', region.startsIn(heir)[WAITING]!.at - pausedAt);
  region.open(wakes);
  resume(zombie);
  await lateReportIsRefused(trial, zombie, returning);
  await waitFor(() => workerIdOf(zombie) !== firstId, { until: 'it registers under a new id', timeoutMs: ANSWER_LIMIT_MS });
  region.open(refused);
  await region.settled();
  const byHeir = ({ input }: Acknowledged) => ({ hold: { n: (input as { n: number }).n, by: heir.name } });
  await trial.outputsAreRight([...waiting, returning], byHeir);
  await zombieWorksOn(trial, heir, [firstId, workerIdOf(zombie)]);
}

/** Its report is answered before it can have noticed anything: by a refusal, or else by being stored. */
async function lateReportIsRefused(trial: Trial, zombie: Service, { runId }: Acknowledged): Promise<void> {
  const { region } = trial;
  const refusal = () => zombie.events('report_refused').find((event) => event.runId === runId);
  const answered = async () => refusal() !== undefined || (await isCompleted(region, runId));
  await waitFor(answered, { until: 'its late report is answered', timeoutMs: ANSWER_LIMIT_MS });
  const { attempt, verdict } = refusal() ?? {};
  trial.same('the answer to the late report of a paused executor', { attempt, verdict }, { attempt: 1, verdict: 'lost' });
}

async function isCompleted({ db }: Region, runId: string): Promise<boolean> {
  const done = await db.sql(`select from workflow.step_tasks where run_id = $1 and status = 'completed'`, [runId]);
  return done.length > 0;
}

/** Alone again, it is there for the next try. */
async function zombieWorksOn(trial: Trial, heir: Service, [firstId, secondId]: readonly [string, string]): Promise<void> {
  const { region } = trial;
  heir.signal('SIGTERM');
  trial.same('how the other executor ends', await heir.exited, { code: 0, signal: null });
  const more = await trial.submit('e2e-chain', 20);
  await region.settled();
  await trial.outputsAreRight(more);
  const states = await region.db.sql<{ id: string; state: string }>(
    `select worker_id as id, state from workflow.worker_states where worker_id = any ($1::uuid[])`,
    [[firstId, secondId]],
  );
  const stateOf = (id: string) => states.find((one) => one.id === id)?.state;
  trial.same('the state of its new id', stateOf(secondId), 'active');
  trial.holds('its former id is active no more', stateOf(firstId) !== 'active');
}

/** The id that it registered under last. */
function workerIdOf(executor: Service): string {
  return executor.events('worker_registered').at(-1)!.workerId;
}
