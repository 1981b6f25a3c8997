// The result as tables of a terminal: one for each group of metrics, a row for each peer, medians with the lowest and highest round.
import Table from 'cli-table3';
import { withRange } from './format.js';
import { ratios } from './ratios.js';
import type { Entry, Result } from './result.js';

/** A column: which metric of which workload. */
interface Column {
  readonly head: string;
  readonly workload: string;
  readonly metric: string;
}

const steps = (workload: string, head: string): Column => ({ head, workload, metric: 'stepsPerSecond' });

/** Of whom how many were in use, and how much of the whole machine. */
const cores = (workload: string, whose: readonly string[]): Column[] => [
  ...whose.map((name) => ({ head: `${name} cores`, workload, metric: `${name}Cores` })),
  { head: 'machine busy', workload, metric: 'busyShare' },
];

const GROUPS: readonly { readonly title: string; readonly columns: readonly Column[] }[] = [
  {
    title: 'Durable steps per second (pre-submitted work, first handler call to last completion in the database)',
    columns: [
      steps('chain1', '1-step runs'),
      steps('chain3', '3-step chains'),
      steps('chain10', '10-step chains'),
      steps('fanout', 'map of 100'),
      steps('history', '3 steps, long history'),
      steps('bloat', 'and an open transaction'),
    ],
  },
  {
    title: 'Latency of single submissions on an idle system, ms',
    columns: [
      { head: 'to handler p50', workload: 'latency', metric: 'p50Ms' },
      { head: 'p99', workload: 'latency', metric: 'p99Ms' },
      { head: '1 step to result p50', workload: 'latency', metric: 'resultP50Ms' },
      { head: 'p99', workload: 'latency', metric: 'resultP99Ms' },
      { head: '3 steps to result p50', workload: 'latency3', metric: 'resultP50Ms' },
      { head: 'p99', workload: 'latency3', metric: 'resultP99Ms' },
    ],
  },
  {
    title: 'Submissions per second (3-step runs, nobody executing)',
    columns: [
      { head: 'one by one, 16 callers', workload: 'submission', metric: 'singlesPerSecond' },
      { head: 'in batches', workload: 'submission', metric: 'runsPerSecond' },
    ],
  },
  {
    title: 'Cost per step (3-step chains)',
    columns: [
      { head: 'WAL bytes', workload: 'cost', metric: 'walBytesPerStep' },
      { head: 'commits', workload: 'cost', metric: 'commitsPerStep' },
      { head: 'row writes', workload: 'cost', metric: 'rowWritesPerStep' },
      { head: 'HOT updates', workload: 'cost', metric: 'hotUpdateShare' },
      { head: 'database CPU ms', workload: 'cost', metric: 'databaseCpuMsPerStep' },
      { head: 'Node CPU ms', workload: 'cost', metric: 'nodeCpuMsPerStep' },
      { head: 'claims', workload: 'cost', metric: 'claimsPerStep' },
      { head: 'handed over', workload: 'cost', metric: 'handedOverPerStep' },
    ],
  },
  {
    title:
      'Scaling: executors (3-step chains). Cores in use, share of the machine that was busy, connections, memory of a process at its peak',
    columns: [
      steps('scalingExecutors', 'steps/s'),
      ...cores('scalingExecutors', ['database', 'node']),
      { head: 'connections', workload: 'scalingExecutors', metric: 'connections' },
      { head: 'MiB', workload: 'scalingExecutors', metric: 'processMiB' },
    ],
  },
  {
    title: 'Scaling: routers (submissions over HTTP one by one, nobody executing). The clients share the machine',
    columns: [
      { head: 'runs/s', workload: 'scalingRouters', metric: 'runsPerSecond' },
      { head: 'p50 ms', workload: 'scalingRouters', metric: 'p50Ms' },
      { head: 'p99 ms', workload: 'scalingRouters', metric: 'p99Ms' },
      { head: 'no-op/s', workload: 'scalingRouters', metric: 'noopPerSecond' },
      ...cores('scalingRouters', ['database', 'node', 'client']),
      { head: 'MiB', workload: 'scalingRouters', metric: 'processMiB' },
    ],
  },
  {
    title: 'Scaling: the database alone (pgbench)',
    columns: [
      steps('scalingDatabase', 'steps/s'),
      { head: 'transactions/s', workload: 'scalingDatabase', metric: 'transactionsPerSecond' },
      { head: 'latency ms', workload: 'scalingDatabase', metric: 'latencyMs' },
      ...cores('scalingDatabase', ['database', 'client']),
    ],
  },
  {
    title:
      'Several regions on one machine: 3-step chains. Costs are of the home and of each peer, per step; steps/s until they are finished at home, and how long until all peers have them',
    columns: [
      steps('regionsThroughput', 'steps/s'),
      { head: 'all have them after ms', workload: 'regionsThroughput', metric: 'caughtUpMs' },
      { head: 'steps/s until then', workload: 'regionsThroughput', metric: 'everywherePerSecond' },
      { head: 'CPU ms, all', workload: 'regionsThroughput', metric: 'databaseCpuMsPerStep' },
      { head: 'home', workload: 'regionsThroughput', metric: 'homeCpuMsPerStep' },
      { head: 'peer', workload: 'regionsThroughput', metric: 'peerCpuMsPerStep' },
      { head: 'WAL, all', workload: 'regionsThroughput', metric: 'walBytesPerStep' },
      { head: 'home', workload: 'regionsThroughput', metric: 'homeWalBytesPerStep' },
      { head: 'peer', workload: 'regionsThroughput', metric: 'peerWalBytesPerStep' },
      { head: 'machine busy', workload: 'regionsThroughput', metric: 'busyShare' },
    ],
  },
  {
    title: 'What a link carries and applies',
    columns: [
      { head: 'bytes sent a step', workload: 'regionsThroughput', metric: 'sentBytesPerStep' },
      { head: 'rows a step', workload: 'regionsThroughput', metric: 'sentRowsPerStep' },
      { head: 'bytes sent a submission', workload: 'regionsThroughput', metric: 'sentBytesPerRun' },
      { head: 'applied steps/s', workload: 'regionsThroughput', metric: 'appliedStepsPerSecond' },
      { head: 'applied rows/s', workload: 'regionsThroughput', metric: 'appliedRowsPerSecond' },
    ],
  },
  {
    title: 'Submissions in a region of three, ms (3-step runs one by one, nobody executing)',
    columns: [
      { head: 'local p50', workload: 'regionsSubmission', metric: 'localP50Ms' },
      { head: 'p99', workload: 'regionsSubmission', metric: 'localP99Ms' },
      { head: 'a second', workload: 'regionsSubmission', metric: 'localPerSecond' },
      { head: 'quorum p50', workload: 'regionsSubmission', metric: 'quorumP50Ms' },
      { head: 'p99', workload: 'regionsSubmission', metric: 'quorumP99Ms' },
      { head: 'a second', workload: 'regionsSubmission', metric: 'quorumPerSecond' },
    ],
  },
  {
    title: 'Deciding together, ms; and what all monitors take of CPU and WAL in a second in which nothing happens',
    columns: [
      { head: 'decision p50', workload: 'regionsDecisions', metric: 'decisionP50Ms' },
      { head: 'p99', workload: 'regionsDecisions', metric: 'decisionP99Ms' },
      { head: 'grants p50', workload: 'regionsDecisions', metric: 'grantP50Ms' },
      { head: 'p99', workload: 'regionsDecisions', metric: 'grantP99Ms' },
      { head: 'database ms/s', workload: 'regionsDecisions', metric: 'restDatabaseMsPerSecond' },
      { head: 'Node ms/s', workload: 'regionsDecisions', metric: 'restNodeMsPerSecond' },
      { head: 'WAL/s', workload: 'regionsDecisions', metric: 'restWalPerSecond' },
    ],
  },
  {
    title: 'The check of homes: 3-step chains with it and without. Shares of what is without',
    columns: [
      steps('regionsCheck', 'steps/s'),
      { head: 'without', workload: 'regionsCheck', metric: 'uncheckedStepsPerSecond' },
      { head: 'throughput lost', workload: 'regionsCheck', metric: 'throughputLost' },
      { head: 'CPU ms', workload: 'regionsCheck', metric: 'databaseCpuMsPerStep' },
      { head: 'without', workload: 'regionsCheck', metric: 'uncheckedCpuMsPerStep' },
      { head: 'CPU more', workload: 'regionsCheck', metric: 'cpuMore' },
    ],
  },
];

/** All that the result has, as text. `labels`: of the rows, by key. */
export function tables(result: Pick<Result, 'workloads' | 'notes'>, labels: ReadonlyMap<string, string>): string {
  const groups = GROUPS.map(({ title, columns }) =>
    tableOf(
      title,
      columns.filter(({ workload }) => result.workloads[workload] !== undefined),
      result,
      labels,
    ),
  );
  return [...groups.filter((text) => text !== ''), ...notes(result, labels), ...leftOut(result, labels), ...ratios(result)].join('\n');
}

function tableOf(
  title: string,
  columns: readonly Column[],
  { workloads }: Pick<Result, 'workloads'>,
  labels: ReadonlyMap<string, string>,
): string {
  if (columns.length === 0) return '';
  const rows = [...labels].filter(([key]) => columns.some(({ workload }) => workloads[workload]?.[key] !== undefined));
  const table = new Table({
    head: ['', ...columns.map(({ head }) => head)],
    colAligns: ['left', ...columns.map(() => 'right' as const)],
    style: { head: [], border: [] },
  });
  for (const [key, label] of rows) table.push([label, ...columns.map((column) => cell(workloads[column.workload]?.[key], column.metric))]);
  return `${title}\n${table.toString()}`;
}

const cell = (entry: Entry | undefined, metric: string): string =>
  entry === undefined ? '' : withRange(entry[metric], [entry.min[metric], entry.max[metric]]);

/** One line for each way of doing things, with the workloads that are done so. */
function notes({ notes: all }: Pick<Result, 'notes'>, labels: ReadonlyMap<string, string>): string[] {
  const lines = new Map<string, string[]>();
  for (const [key, byWorkload] of Object.entries(all)) {
    for (const [workload, sentence] of Object.entries(byWorkload)) {
      const line = `${labels.get(key) ?? key}: ${sentence}`;
      lines.set(line, [...(lines.get(line) ?? []), workload]);
    }
  }
  return [...lines].map(([line, workloads]) => `* ${line} (${workloads.join(', ')})`);
}

function leftOut({ workloads }: Pick<Result, 'workloads'>, labels: ReadonlyMap<string, string>): string[] {
  return Object.entries(workloads).flatMap(([workload, entries]) =>
    Object.entries(entries).flatMap(([key, { skipped }]) =>
      skipped === null || workload === 'cost' ? [] : [`* ${labels.get(key) ?? key}: left out: ${skipped} (${workload})`],
    ),
  );
}
