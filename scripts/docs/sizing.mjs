// What work costs, from the kept results of the bench.
import { finderOf, keptResults, percentOf, shown } from './results.mjs';
import { table } from './tables.mjs';

const EXAMPLE = { runsPerSecond: 100, steps: 3, days: 30 };
const SECONDS_PER_DAY = 86_400;
const STEPS = {
  chain1: 'the step of a 1-step run',
  chain3: 'a step of a 3-step chain',
  chain10: 'a step of a 10-step chain',
  fanout: 'an element of a map of 100',
};

export const sizing = () => sizingOf(keptResults());

/** @param {object[]} results newest first, each with its file's `name` */
export function sizingOf(results) {
  const { find, sources } = finderOf(results);
  const facts = factsOf(find);
  const parts = [costs(facts), cores(facts), places(facts), example(facts)];
  const from = sources();
  if (from === null) throw new Error('the bench has kept no result');
  return [...parts, `${from}. Database, executors, routers and whoever submits shared those cores.`].join('\n\n');
}

function factsOf(find) {
  const longest = (workload, metric) => find(workload, 'ours', metric, 'historyRuns'); // less says less
  const step = (workload) => ({
    databaseMs: find(workload, 'ours', 'databaseCpuMsPerStep'),
    nodeMs: find(workload, 'ours', 'nodeCpuMsPerStep'),
    walBytes: find(workload, 'ours', 'walBytesPerStep'),
  });
  return {
    steps: Object.fromEntries(Object.keys(STEPS).map((workload) => [workload, step(workload)])),
    submission: {
      databaseMs: find('scalingRouters', 'routers1', 'databaseCpuMsPerRun'),
      nodeMs: find('scalingRouters', 'routers1', 'nodeCpuMsPerRun'),
      walBytes: find('scalingRouters', 'routers1', 'walBytesPerRun'),
    },
    perSecond: {
      executor: find('scalingExecutors', 'executors1', 'stepsPerSecond'),
      router: find('scalingRouters', 'routers1', 'runsPerSecond'),
      database: find('scalingDatabase', 'pgbenchSteps', 'stepsPerSecond'),
      tpcb: find('scalingDatabase', 'pgbenchTpcb', 'transactionsPerSecond'),
    },
    memory: {
      executor: find('scalingExecutors', 'executors1', 'processMiB'),
      router: find('scalingRouters', 'routers1', 'processMiB'),
      backend: find('scalingExecutors', 'executors1', 'backendMiB'),
    },
    connections: {
      executor: find('scalingExecutors', 'executors1', 'connections'),
      router: find('scalingRouters', 'routers1', 'connections'),
    },
    diskBytes: longest('history', 'diskBytesPerRun'),
    history: {
      runs: longest('history', 'historyRuns'),
      share: longest('history', 'shareOfUnburdened'),
      held: longest('bloat', 'shareOfUnburdened'),
    },
  };
}

function costs({ steps, submission }) {
  const row = (what, { databaseMs, nodeMs, walBytes }) => [what, shown(databaseMs, 3), shown(nodeMs, 3), shown(walBytes, 0)];
  return table(
    ['work', 'CPU of the database, ms', 'CPU of Node, ms', 'WAL, bytes'],
    [...Object.entries(STEPS).map(([workload, what]) => row(what, steps[workload])), row('a submission over HTTP', submission)],
  );
}

function cores({ steps: { chain3 }, submission, perSecond }) {
  const each = (ms) => shown(ms === null ? null : 1_000 / ms, 0);
  return table(
    ['work', 'a core does, a second', 'was done there, a second'],
    [
      ['database: steps of 3-step chains', each(chain3.databaseMs), shown(perSecond.executor, 0)],
      ['executor: the same', each(chain3.nodeMs), 'the same, by 1 process'],
      ['database: submissions', each(submission.databaseMs), shown(perSecond.router, 0)],
      ['router: the same', each(submission.nodeMs), 'the same, by 1 process'],
      ['database: the least SQL for a step, by pgbench', '', shown(perSecond.database, 0)],
      ['database: pgbench as it is (TPC-B-like), transactions', '', shown(perSecond.tpcb, 0)],
    ],
  );
}

function places({ memory, connections, diskBytes, history }) {
  return table(
    ['what', 'is'],
    [
      ['executor process at its peak, MiB', shown(memory.executor, 0)],
      ['router process at its peak, MiB', shown(memory.router, 0)],
      ['connection in the database, MiB of its own', shown(memory.backend, 0)],
      ['connections of a busy executor', shown(connections.executor, 0)],
      ['connections of a busy router', shown(connections.router, 0)],
      ['finished 3-step run on disk, bytes', shown(diskBytes, 0)],
      ['a million of them, GB', shown(times(diskBytes, 1e6 / 1e9), 1)],
      [`throughput beside ${history.runs === null ? 'many' : shown(history.runs, 0)} finished runs`, percent(history.share)],
      ['the same with a transaction held open', percent(history.held)],
    ],
  );
}

/** The formulas of the page with these numbers. */
function example({ steps: { chain3 }, submission, diskBytes }) {
  const { runsPerSecond, steps, days } = EXAMPLE;
  const perRun = (what) => plus(submission[what], times(chain3[what], steps));
  const rows = [
    ['cores of the database in use', shown(times(perRun('databaseMs'), runsPerSecond / 1_000), 2)],
    ['cores of executors in use, beside the handlers', shown(times(chain3.nodeMs, (steps * runsPerSecond) / 1_000), 2)],
    ['cores of routers in use', shown(times(submission.nodeMs, runsPerSecond / 1_000), 2)],
    ['WAL a day, GB', shown(times(perRun('walBytes'), (runsPerSecond * SECONDS_PER_DAY) / 1e9), 0)],
    [`disk for ${days} days, GB`, shown(times(diskBytes, (runsPerSecond * SECONDS_PER_DAY * days) / 1e9), 0)],
  ];
  return table([`${runsPerSecond} runs a second of ${steps} steps`, 'needs'], rows);
}

const times = (value, by) => (value === null ? null : value * by);
const percent = (share) => (share === null ? percentOf(share) : `${percentOf(share)} of that without`);
const plus = (one, other) => (one === null || other === null ? null : one + other);
