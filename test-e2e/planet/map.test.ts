import type { Passage } from '../harness/passages.js';
import type { RegionSeen } from '../harness/survey.js';
import { comparison, mapOf, type RegionOnMap, sizeOf } from './map.js';

const seen = (more: Partial<RegionSeen> = {}): RegionSeen => ({
  epoch: 3, leaseMs: 4_250, groups: 85, open: 2, ended: 10, sealed: [], conflicts: 0, links: [], ...more,
}); // prettier-ignore

const regions = (...three: readonly (RegionSeen | null)[]): RegionOnMap[] =>
  three.map((one, at) => ({ name: ['us-east', 'eu-west', 'ap-south'][at]!, seen: one }));

const mapWith = (three: RegionOnMap[], passages: Readonly<Record<string, Passage>> = {}): string =>
  mapOf({ regions: three, passage: (from, to) => passages[`${from} ${to}`] ?? 'open' });

it('draws a line for every pair of regions', () => {
  const lines = mapWith(regions(seen(), seen(), seen())).split('\n');
  expect(lines.slice(0, 3).map((line) => line.trim())).toEqual([
    '● us-east  ────── ● eu-west',
    '● us-east  ────── ● ap-south',
    '● eu-west  ────── ● ap-south',
  ]);
});

it('shows which ways are cut, one-way and delayed', () => {
  const passages: Record<string, Passage> = { 'us-east eu-west': 'cut', 'ap-south us-east': 'one-way', 'eu-west ap-south': 'delayed' };
  const lines = mapWith(regions(seen(), seen(), seen()), passages).split('\n');
  expect(lines[0]).toContain('us-east  ──╳─── ● eu-west');
  expect(lines[1]).toContain('us-east  <──╳── ● ap-south');
  expect(lines[2]).toContain('eu-west  ~~~~~~ ● ap-south');
});

it('marks a region that is down, and one that has no lease', () => {
  const map = mapWith(regions(seen(), null, seen({ leaseMs: null })));
  expect(map).toContain('✝ eu-west');
  expect(map).toContain('○ ap-south');
  expect(map).toMatch(/eu-west +│ +down/);
  expect(map).toMatch(/ap-south +│ +none/);
  expect(map).toMatch(/us-east +│ +4\.3 s/);
});

it('says to whom a region sends, how far each is behind, and what is broken', () => {
  const links = [
    { region: 'eu-west', up: true, lagBytes: 20_480 },
    { region: 'ap-south', up: false, lagBytes: 12 },
    { region: 'sa-north', up: false, lagBytes: null },
  ];
  expect(mapWith(regions(seen({ links }), seen(), seen()))).toContain('eu-west 20 KiB, ap-south 12 B broken, sa-north no link');
});

it.each([
  [0, '0 B'],
  [10_239, '10239 B'],
  [10_240, '10 KiB'],
  [10_485_760, '10 MiB'],
])('writes %d bytes as %s', (bytes, words) => expect(sizeOf(bytes)).toBe(words));

it('says of every table whether it is equal', () => {
  const table = comparison(
    ['us-east', 'eu-west'],
    [
      { table: 'workflow_runs', rows: [10, 10], different: [] },
      { table: 'step_tasks', rows: [30, 29], different: ['global/1', 'global/7'] },
    ],
  );
  expect(table).toMatch(/workflow_runs +│ +10 │ +10 │ equal/);
  expect(table).toMatch(/step_tasks +│ +30 │ +29 │ DIFFERENT in 2 groups/);
});
