// The connection between a service and PostgreSQL is cut after COMMIT and before its answer: of a submission, of a claim, of a report, and of a report
// whose answer hands over the next step. Nobody knows then whether it took effect; all that can be done is to ask again, and it must be the same.
import { waitFor } from '@singularity-workflow/testkit';
import type { Acknowledged } from '../checker/history.js';
import { moment } from '../harness/moment.js';
import type { Region } from '../harness/region.js';
import { AnswerCutter } from '../nemesis/answer-cutter.js';
import type { Fault, Scenario } from './scenario.js';
import type { Trial } from './trial.js';

const RUNS = 20;
const LIMIT_MS = 60_000;

export const commitAnswerLost: Scenario = {
  name: 'commit-answer-lost',
  measured: 'from the cut until the client is told, the report is answered, the lost tasks begin',
  boundMs: 15_000,
  region: { executors: 0 },
  prepare,
};

/** Router and executor reach the database by way of the cutter. */
async function prepare(region: Region): Promise<Fault> {
  const cutter = await AnswerCutter.start(region.addressFor('router'), ['start_runs', 'start_tasks', 'complete_tasks']);
  const [router] = await Promise.all([
    region.add('router', { DATABASE_URL: cutter.through(region.addressFor('router')) }),
    region.add('executor', { DATABASE_URL: cutter.through(region.addressFor('executor')) }),
  ]);
  await region.speakTo(router);
  return {
    strike: async (trial) => {
      await submission(trial, cutter);
      await completion(trial, cutter);
      const claimed = await claim(trial, cutter);
      await Promise.all([claimed(), handOver(trial, cutter)]);
      await region.settled();
      await trial.outputsAreRight(trial.acknowledged.filter(({ workflow }) => workflow === 'e2e-chain'));
    },
    end: () => cutter.close(),
  };
}

/** The client asks again with the same keys, and is told of the runs that were stored the first time. */
async function submission(trial: Trial, cutter: AnswerCutter): Promise<void> {
  const losing = cutter.loseAnswerTo('start_runs');
  const runs = await trial.submit('e2e-chain', RUNS);
  const toldAt = moment();
  const lost = await losing;
  trial.measured('submission', toldAt - lost.at);
  const isStoredBefore = ({ runId }: Acknowledged) => lost.rows.includes(runId);
  trial.holds('a run whose answer was lost is acknowledged under its first id', runs.some(isStoredBefore));
  const stored = `select count(*)::int as count from workflow.workflow_runs where idempotency_key = any ($1)`;
  trial.same('runs of these keys', await trial.region.db.sql(stored, [runs.map(({ key }) => key)]), [{ count: RUNS }]);
  await trial.region.settled();
}

/** The executor reports again: `already`, and no handler runs twice. */
async function completion(trial: Trial, cutter: AnswerCutter): Promise<void> {
  const { region } = trial;
  const gate = trial.named('completion');
  const runs = await trial.submit('e2e-held', RUNS, { gates: [gate] });
  const started = () => startsOf(trial, runs).length === RUNS;
  await waitFor(started, { until: `${RUNS} handlers wait`, timeoutMs: LIMIT_MS });
  const losing = cutter.loseAnswerTo('complete_tasks');
  region.open(gate);
  const lost = await losing;
  const again = () => cutter.answersTo('complete_tasks').find(({ at, rows }) => at > lost.at && rows.includes('already'));
  const { at } = await waitFor(again, { until: 'a report is answered `already`', timeoutMs: LIMIT_MS });
  trial.measured('completion', at - lost.at);
  await region.settled();
  trial.same('handlers that began', startsOf(trial, runs).length, RUNS);
}

/** The worker does not know that it holds these tasks: they are taken back and given out again. Answers how to wait for that. */
async function claim(trial: Trial, cutter: AnswerCutter): Promise<() => Promise<void>> {
  const losing = cutter.loseAnswerTo('start_tasks');
  const runs = await trial.submit('e2e-held', RUNS, { gates: [] });
  const lost = await losing;
  const unknown = runs.filter(({ runId }) => lost.rows.includes(runId));
  trial.holds('the lost answer named tasks', unknown.length > 0);
  return async () => {
    await trial.region.settled(runs);
    const starts = startsOf(trial, unknown);
    trial.measured('claim', Math.max(...starts.map(({ at }) => at)) - lost.at);
    trial.same('attempts that ran', [...new Set(starts.map(({ attempt }) => attempt))], [2]);
    trial.same('handlers that began for a lost claim', starts.length, unknown.length);
  };
}

/** The answer to a report brought the next step with it. */
async function handOver(trial: Trial, cutter: AnswerCutter): Promise<void> {
  const losing = cutter.loseAnswerTo('complete_tasks');
  const runs = await trial.submit('e2e-chain', 1);
  const lost = await losing;
  await trial.region.settled(runs);
  const [next] = startsOf(trial, runs).filter(({ stepSlug }) => stepSlug === 'add');
  trial.measured('hand-over', (next?.at ?? NaN) - lost.at);
}

function startsOf({ region }: Trial, runs: readonly Acknowledged[]) {
  const ids = new Set(runs.map(({ runId }) => runId));
  return region.attempts().filter(({ kind, runId }) => kind === 'start' && ids.has(runId));
}
