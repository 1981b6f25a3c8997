// The result as tables of a terminal: one for each group of metrics, a row for each peer, medians with the lowest and highest round.
import Table from 'cli-table3';
import { ratio, withRange } from './format.js';
import type { Entry, Result } from './result.js';

/** A column: which metric of which workload. */
interface Column {
  readonly head: string;
  readonly workload: string;
  readonly metric: string;
}

const steps = (workload: string, head: string): Column => ({ head, workload, metric: 'stepsPerSecond' });

const GROUPS: readonly { readonly title: string; readonly columns: readonly Column[] }[] = [
  {
    title: 'Durable steps per second (pre-submitted work, first handler call to last completion in the database)',
    columns: [
      steps('chain1', '1-step runs'),
      steps('chain3', '3-step chains'),
      steps('chain10', '10-step chains'),
      steps('fanout', 'map of 100'),
      steps('history', '3 steps, long history'),
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
    ],
  },
];

const RATIOS: readonly { readonly sentence: string; readonly ours: Column; readonly theirs: string }[] = [
  { sentence: '3-step chains, ours to DBOS', ours: steps('chain3', ''), theirs: 'dbos' },
  { sentence: '10-step chains, ours to DBOS', ours: steps('chain10', ''), theirs: 'dbos' },
  { sentence: '1-step runs, ours to graphile-worker batched', ours: steps('chain1', ''), theirs: 'graphileBatched' },
  { sentence: '1-step runs, ours to graphile-worker plain', ours: steps('chain1', ''), theirs: 'graphile' },
  { sentence: '3-step chains, ours to the floor', ours: steps('chain3', ''), theirs: 'floor' },
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
  return [...groups.filter((text) => text !== ''), ...notes(result, labels), ...ratios(result)].join('\n');
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

function ratios({ workloads }: Pick<Result, 'workloads'>): string[] {
  const lines = RATIOS.map(({ sentence, ours: { workload, metric }, theirs }) => ({
    sentence,
    value: ratio(workloads[workload]?.['ours']?.[metric], workloads[workload]?.[theirs]?.[metric]),
  }));
  const burdened = ratio(workloads['history']?.['ours']?.['stepsPerSecond'], workloads['chain3']?.['ours']?.['stepsPerSecond']);
  const all = [...lines, { sentence: '3-step chains, ours with a long history to ours without', value: burdened }];
  return all.filter(({ value }) => value !== '-').map(({ sentence, value }) => `${sentence}: ${value}`);
}
