// The planet for people: a map of three regions and a table of what each of them says.
import Table from 'cli-table3';
import type { Passage } from '../harness/passages.js';
import type { LinkSeen, RegionSeen, TableCompared } from '../harness/survey.js';

export interface RegionOnMap {
  readonly name: string;
  /** Null: it does not answer. */
  readonly seen: RegionSeen | null;
}

export interface PlanetOnMap {
  readonly regions: readonly RegionOnMap[];
  readonly passage: (from: string, to: string) => Passage;
}

const LINES: Readonly<Record<Passage, string>> = { open: '──────', cut: '──╳───', 'one-way': '──╳──>', delayed: '~~~~~~' };

const plain = { head: [], border: [] };
const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

export function mapOf({ regions, passage }: PlanetOnMap): string {
  const pairs = regions.flatMap((from, at) => regions.slice(at + 1).map((to) => ({ from, to })));
  const width = Math.max(...regions.map(({ name }) => name.length));
  const dot = ({ name, seen }: RegionOnMap): string => `${seen === null ? '✝' : seen.leaseMs === null ? '○' : '●'} ${name.padEnd(width)}`;
  const lines = pairs.map(({ from, to }) => `  ${dot(from)} ${wayBetween(from.name, to.name, passage)} ${dot(to)}`);
  return [...lines, '', regionsTable(regions)].join('\n');
}

function wayBetween(a: string, b: string, passage: PlanetOnMap['passage']): string {
  if (passage(b, a) === 'one-way') return '<──╳──';
  return LINES[passage(a, b)];
}

/** A region that is down shows nothing but that. */
function regionsTable(regions: readonly RegionOnMap[]): string {
  const head = ['region', 'lease', 'epoch', 'groups at home', 'open runs', 'ended runs', 'sends to (not confirmed yet)', 'sealed'];
  const table = new Table({ head, chars, style: plain, colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'left', 'left'] });
  for (const { name, seen } of regions) table.push(seen === null ? [name, 'down', '', '', '', '', '', ''] : [name, ...rowOf(seen)]);
  return table.toString();
}

function rowOf({ epoch, leaseMs, groups, open, ended, links, sealed }: RegionSeen): string[] {
  const lease = leaseMs === null ? 'none' : `${(leaseMs / 1_000).toFixed(1)} s`;
  return [lease, ...[epoch, groups, open, ended].map(String), links.map(linkOf).join(', '), sealed.join(', ')];
}

function linkOf({ region, up, lagBytes }: LinkSeen): string {
  if (lagBytes === null) return `${region} no link`;
  return `${region} ${sizeOf(lagBytes)}${up ? '' : ' broken'}`;
}

export function sizeOf(bytes: number): string {
  if (bytes < 10_240) return `${Math.round(bytes)} B`;
  return bytes < 10_485_760 ? `${Math.round(bytes / 1_024)} KiB` : `${Math.round(bytes / 1_048_576)} MiB`;
}

/** A row for each replicated table. */
export function comparison(names: readonly string[], compared: readonly TableCompared[]): string {
  const table = new Table({
    head: ['table', ...names, ''],
    chars,
    style: plain,
    colAligns: ['left', ...names.map(() => 'right' as const), 'left'],
  });
  for (const { table: name, rows, different } of compared)
    table.push([name, ...rows.map(String), different.length === 0 ? 'equal' : `DIFFERENT in ${different.length} groups`]);
  return table.toString();
}
