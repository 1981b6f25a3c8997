// The result as a picture (SVG): a panel for each workload, a bar for each peer, a line from the lowest to the highest round. Panels have scales
// of their own, for what is compared is peers.
import { number } from './format.js';
import type { Result } from './result.js';

interface Panel {
  readonly workload: string;
  readonly title: string;
  readonly metric: string;
  readonly unit: string;
}

const PANELS: readonly Panel[] = [
  { workload: 'chain1', title: '1-step runs', metric: 'stepsPerSecond', unit: 'steps/s' },
  { workload: 'chain3', title: '3-step chains', metric: 'stepsPerSecond', unit: 'steps/s' },
  { workload: 'chain10', title: '10-step chains', metric: 'stepsPerSecond', unit: 'steps/s' },
  { workload: 'fanout', title: 'Diamond with a map of 100', metric: 'stepsPerSecond', unit: 'steps/s' },
  { workload: 'history', title: '3-step chains, long history', metric: 'stepsPerSecond', unit: 'steps/s' },
  { workload: 'bloat', title: '3-step chains, long history, open transaction', metric: 'stepsPerSecond', unit: 'steps/s' },
  { workload: 'latency', title: 'Idle: submission to handler, p50', metric: 'p50Ms', unit: 'ms (less is better)' },
  { workload: 'submission', title: 'Submissions in batches', metric: 'runsPerSecond', unit: 'runs/s' },
  { workload: 'cost', title: 'WAL of a step', metric: 'walBytesPerStep', unit: 'bytes (less is better)' },
  { workload: 'scalingExecutors', title: '3-step chains by executors', metric: 'stepsPerSecond', unit: 'steps/s' },
  { workload: 'scalingRouters', title: 'Submissions over HTTP', metric: 'runsPerSecond', unit: 'runs/s' },
  { workload: 'regionsThroughput', title: '3-step chains by several regions', metric: 'stepsPerSecond', unit: 'steps/s' },
  { workload: 'regionsSubmission', title: 'Submission with durability quorum, p50', metric: 'quorumP50Ms', unit: 'ms (less is better)' },
  { workload: 'regionsDecisions', title: 'A decision of regions, p50', metric: 'decisionP50Ms', unit: 'ms (less is better)' },
  { workload: 'scalingDatabase', title: 'The database alone', metric: 'transactionsPerSecond', unit: 'transactions/s' },
];

const WIDTH = 520;
const LABEL = 216;
const BAR = 16;
const ROW = 24;
const HEAD = 44;
const GAP = 24;
const TITLE = 64;
const COLUMNS = 2;
const COLOURS: Readonly<Record<string, string>> = { ours: '#2563eb', floor: '#9ca3af' };
const OTHERS = '#d97706';

interface Bar {
  readonly label: string;
  readonly colour: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

export function chart(result: Result, labels: ReadonlyMap<string, string>): string {
  const drawn = PANELS.map((panel) => ({ panel, bars: barsOf(panel, result, labels) })).filter(({ bars }) => bars.length > 0);
  const height = HEAD + ROW * Math.max(1, ...drawn.map(({ bars }) => bars.length));
  const rows = Math.ceil(drawn.length / COLUMNS);
  const place = (at: number): [number, number] => [GAP + (at % COLUMNS) * (WIDTH + GAP), TITLE + Math.floor(at / COLUMNS) * (height + GAP)];
  const size = [GAP + COLUMNS * (WIDTH + GAP), TITLE + rows * (height + GAP)] as const;
  const { cpu, cores, memoryGiB } = result.machine;
  const about = `${result.date.slice(0, 10)}, ${result.commit}, ${result.mode}; ${cores} cores (${cpu}), ${memoryGiB} GiB, PostgreSQL ${result.versions['postgresql'] ?? ''}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size[0]} ${size[1]}" font-family="system-ui, sans-serif" font-size="12" fill="#111827">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(
      GAP,
      28,
      'Singularity Workflow and its peers on one machine: medians, lowest and highest round',
      'font-size="16" font-weight="600"',
    ),
    text(GAP, 48, about, 'fill="#4b5563"'),
    ...drawn.map(({ panel, bars }, at) => panelOf(panel, bars, place(at))),
    '</svg>\n',
  ].join('\n');
}

function barsOf({ workload, metric }: Panel, { workloads }: Result, labels: ReadonlyMap<string, string>): Bar[] {
  return [...labels].flatMap(([key, label]) => {
    const entry = workloads[workload]?.[key];
    const value = entry?.[metric];
    if (entry === undefined || typeof value !== 'number') return [];
    return [{ label, colour: COLOURS[key] ?? OTHERS, value, least: entry.min[metric] ?? value, most: entry.max[metric] ?? value }];
  });
}

function panelOf({ title, unit }: Panel, bars: readonly Bar[], [x, y]: readonly [number, number]): string {
  const space = WIDTH - LABEL - 70;
  const longest = Math.max(...bars.map(({ most }) => most));
  const scaled = (value: number): number => Math.round((value / longest) * space);
  const drawn = bars.map(({ label, colour, value, least, most }, at) => {
    const top = HEAD + at * ROW;
    const middle = top + BAR / 2;
    return [
      text(LABEL - 8, middle + 4, label, 'text-anchor="end"'),
      `<rect x="${LABEL}" y="${top}" width="${Math.max(1, scaled(value))}" height="${BAR}" fill="${colour}"/>`,
      `<line x1="${LABEL + scaled(least)}" y1="${middle}" x2="${LABEL + scaled(most)}" y2="${middle}" stroke="#111827" stroke-width="2"/>`,
      text(LABEL + scaled(most) + 6, middle + 4, number(value), 'font-weight="600"'),
    ].join('');
  });
  return `<g transform="translate(${x} ${y})">${text(0, 18, title, 'font-size="14" font-weight="600"')}${text(0, 34, unit, 'fill="#4b5563"')}${drawn.join('\n')}</g>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const text = (x: number, y: number, words: string, style: string): string =>
  `<text x="${x}" y="${y}" ${style}>${words.replaceAll(/[&<>]/g, (sign) => ENTITIES[sign]!)}</text>`;
