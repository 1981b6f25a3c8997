// Drains of an executor that has all its slots taken while more work waits: on SIGTERM or by an operator over the API (in turns, a try each), and of
// the orchestrator that leads, by POST /admin/orchestrator/stop. What runs is finished where it runs, the rest is done by others, each task in its
// first attempt.
import { waitFor } from '@singularity-workflow/testkit';
import type { Acknowledged } from '../checker/history.js';
import { moment } from '../harness/moment.js';
import { leads, orchestrator } from '../harness/orchestrators.js';
import type { Service } from '../harness/service.js';
import type { Scenario } from './scenario.js';
import type { Trial } from './trial.js';

const SLOTS = 50; // CONCURRENCY by default
const QUEUED = 100;
const LIMIT_MS = 60_000;

export const drainUnderLoad: Scenario = {
  name: 'drain-under-load',
  measured: 'from when the handlers may return until the executor has exited, until the next one leads',
  boundMs: null,
  region: { executors: 0 },
  prepare: async () => ({ strike }),
};

async function strike(trial: Trial): Promise<void> {
  await executorDrained(trial);
  await leaderStopped(trial);
  const notes = trial.region.attempts().filter(({ kind, attempt }) => kind === 'fail' || attempt > 1);
  trial.same('attempts that failed or were repeated', notes, []);
}

/** A second executor comes when the first one takes no more. */
async function executorDrained(trial: Trial): Promise<void> {
  const { region } = trial;
  const executor = await region.add('executor');
  const load = await filled(trial, executor, 'drain');
  const { workerId } = await executor.event('worker_registered');
  const [first, second] = trial.nth % 2 === 0 ? [bySignal, byOperator] : [byOperator, bySignal];
  await first(trial, executor);
  const isDraining = async () => (await region.client.workers.get(workerId)).state === 'deprecated';
  await waitFor(isDraining, { until: 'it takes no more work', timeoutMs: LIMIT_MS });
  const heir = await region.add('executor');
  await region.settled(load.queued);
  trial.measured('executor', await endsInOrder(trial, executor, load));
  await stopped(trial, heir, second);
}

/** The standby leads once the one that was asked to stop has drained. */
async function leaderStopped(trial: Trial): Promise<void> {
  const { region } = trial;
  const primary = await orchestrator(region, 'primary');
  await leads(region, primary, 'primary');
  const load = await filled(trial, primary, 'stop');
  const standby = await orchestrator(region, 'standby');
  const { command_id: commandId } = await region.client.orchestrators.stop({ reason: 'a test' });
  const { workerId } = await primary.event('worker_registered');
  const isDraining = async () => (await region.client.workers.get(workerId)).state === 'deprecated';
  await waitFor(isDraining, { until: 'it takes no more work', timeoutMs: LIMIT_MS });
  const done = endsInOrder(trial, primary, load);
  const openedAt = moment();
  await leads(region, standby, 'standby');
  trial.measured('next leader', moment() - openedAt);
  trial.measured('leader', await done);
  const command = await region.client.orchestrators.waitFor(commandId);
  trial.same('the command', { state: command.state, group: command.group }, { state: 'done', group: 'primary' });
  await region.settled(load.queued);
  await trial.outputsAreRight(load.queued);
  await stopped(trial, standby);
}

interface Load {
  readonly gate: string;
  readonly running: readonly Acknowledged[];
  readonly queued: readonly Acknowledged[];
  /** Handlers that began in the executor so far. */
  readonly seen: number;
}

async function filled(trial: Trial, executor: Service, what: string): Promise<Load> {
  const { region } = trial;
  const gate = trial.named(what);
  const running = await trial.submit('e2e-held', SLOTS, { gates: [gate] });
  await region.started(executor, SLOTS);
  const queued = await trial.submit('e2e-chain', QUEUED);
  return { gate, running, queued, seen: region.startsIn(executor).length };
}

/** Lets the handlers return. Answers how long it took from then until the process was gone. */
async function endsInOrder(trial: Trial, executor: Service, { gate, running, seen }: Load): Promise<number> {
  const { region } = trial;
  trial.holds(`${executor.name} lives while its handlers run`, executor.ended === null);
  const openedAt = moment();
  region.open(gate);
  trial.same(`how ${executor.name} ends`, await executor.exited, { code: 0, signal: null });
  const tookMs = moment() - openedAt;
  await region.settled(running);
  trial.same('handlers that began in it', region.startsIn(executor).length, seen);
  await trial.outputsAreRight(running, ({ input }) => ({ hold: { n: (input as { n: number }).n, by: executor.name } }));
  return tookMs;
}

type Drain = (trial: Trial, executor: Service) => Promise<void>;

const bySignal: Drain = async (_, executor) => executor.signal('SIGTERM');

async function byOperator({ region }: Trial, executor: Service): Promise<void> {
  const { workerId } = await executor.event('worker_registered');
  await region.client.workers.drain(workerId);
}

async function stopped(trial: Trial, executor: Service, drain: Drain = bySignal): Promise<void> {
  await drain(trial, executor);
  trial.same(`how ${executor.name} ends`, await executor.exited, { code: 0, signal: null });
}
