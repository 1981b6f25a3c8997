import type { Score, Scores } from '../src/contest.js';
import { chart } from '../src/report/chart.js';
import { number, ratio, withRange } from '../src/report/format.js';
import { type Result, troublesOf, workloadsOf } from '../src/report/result.js';
import { tables } from '../src/report/table.js';

const score = (rounds: Score['rounds'], rest: Partial<Score> = {}): Score => ({ rounds, mistakes: [], failure: null, ...rest });

const scores = new Map<string, Scores>([
  [
    'chain3',
    new Map([
      [
        'ours',
        score([
          { stepsPerSecond: 30_000, walBytesPerStep: 900 },
          { stepsPerSecond: 20_000, walBytesPerStep: 1_100 },
          { stepsPerSecond: 24_000, walBytesPerStep: 1_000 },
        ]),
      ],
      ['dbos', score([{ stepsPerSecond: 1_000, walBytesPerStep: 1_500 }])],
    ]),
  ],
  ['latency', new Map([['ours', score([{ p50Ms: 2.5, p99Ms: 9 }])]])],
]);
const labels = new Map([
  ['ours', 'Singularity Workflow'],
  ['dbos', 'DBOS & <others>'],
]);
const result: Result = {
  date: '2026-11-22T06:00:00.000Z',
  mode: 'quick',
  part: null,
  seconds: 100,
  commit: 'abc',
  machine: { cpu: 'a cpu', cores: 2, memoryGiB: 8, os: 'Linux' },
  versions: { postgresql: '18.4' },
  postgresql: {},
  settings: {},
  labels: Object.fromEntries(labels),
  notes: { dbos: { latency: 'in its own process', latency3: 'in its own process' } },
  workloads: workloadsOf(scores),
};

describe('the result', () => {
  it('has medians, the lowest and the highest round, and the rounds', () => {
    expect(result.workloads['chain3']?.['ours']).toMatchObject({
      stepsPerSecond: 24_000,
      walBytesPerStep: 1_000,
      p50Ms: null,
      min: { stepsPerSecond: 20_000 },
      max: { stepsPerSecond: 30_000 },
    });
    expect(result.workloads['chain3']?.['ours']?.rounds).toHaveLength(3);
    expect(result.workloads['latency']?.['ours']).toMatchObject({ stepsPerSecond: null, p50Ms: 2.5, p99Ms: 9 });
  });

  it('shows the cost of the 3-step chains as a workload of its own', () => {
    expect(result.workloads['cost']?.['dbos']).toMatchObject({ walBytesPerStep: 1_500, stepsPerSecond: null, commitsPerStep: null });
  });

  it('names every mistake and failure with its place', () => {
    const bad = workloadsOf(new Map([['chain1', new Map([['dbos', score([], { mistakes: ['3 steps never ran'], failure: 'gone' })]])]]));
    expect(troublesOf({ workloads: bad })).toEqual(['chain1, dbos: 3 steps never ran', 'chain1, dbos: gone']);
    expect(troublesOf(result)).toEqual([]);
  });
});

describe('a burdened workload', () => {
  const burdened = workloadsOf(
    new Map<string, Scores>([
      ['chain3', new Map([['ours', score([{ stepsPerSecond: 20_000 }])]])],
      ['history', new Map([['ours', score([{ stepsPerSecond: 18_000 }])]])],
      ['bloat', new Map([['ours', score([{ stepsPerSecond: 9_000 }])]])],
    ]),
  );

  it('has its share of the same chains without the burden, of the same result', () => {
    expect(burdened['history']?.['ours']?.['shareOfUnburdened']).toBe(0.9);
    expect(burdened['bloat']?.['ours']?.['shareOfUnburdened']).toBe(0.45);
  });

  it('shows which burden costs what', () => {
    const text = tables({ workloads: burdened, notes: {} }, labels);
    expect(text).toContain('ours with a long history to ours without: 0.90x');
    expect(text).toContain('ours with a long history and an open transaction to ours without: 0.45x');
    expect(text).toContain('beside a long history, ours with an open transaction to ours without: 0.50x');
  });
});

describe('the scaling', () => {
  const scaling = workloadsOf(
    new Map<string, Scores>([
      [
        'scalingExecutors',
        new Map([
          ['executors1', score([{ stepsPerSecond: 10_000, databaseCores: 0.9, nodeCores: 0.8, busyShare: 0.9 }])],
          ['executors2', score([{ stepsPerSecond: 12_000, databaseCores: 1.2, nodeCores: 0.7, busyShare: 1 }])],
        ]),
      ],
      ['scalingDatabase', new Map([['pgbenchSteps', score([], { skipped: 'no pgbench here' })]])],
    ]),
  );
  const text = tables(
    { workloads: scaling, notes: {} },
    new Map([
      ['executors1', '1 executor'],
      ['executors2', '2 executors'],
      ['pgbenchSteps', 'pgbench'],
    ]),
  );

  it('shows who used the cores', () => {
    expect(text).toMatch(/1 executor +│ +10,000 │ +0\.90 │ +0\.80 │ +0\.90 │/);
    expect(text).toContain('2 executors to 1: 1.20x');
  });

  it('says what was left out and why, which is no trouble', () => {
    expect(text).toContain('* pgbench: left out: no pgbench here (scalingDatabase)');
    expect(troublesOf({ workloads: scaling })).toEqual([]);
  });
});

describe('the tables', () => {
  const text = tables(result, labels);

  it('have a row for each peer and a column for each workload that was measured', () => {
    expect(text).toContain('24,000 (20,000-30,000)');
    expect(text).toContain('3-step chains');
    expect(text).not.toContain('10-step chains');
    expect(text).not.toContain('Submissions per second');
  });

  it('say how a peer does what it has no way of its own for', () => {
    expect(text).toContain('* DBOS & <others>: in its own process (latency, latency3)');
  });

  it('end with the ratios that can be told', () => {
    expect(text).toContain('3-step chains, ours to DBOS: 24.0x');
    expect(text).not.toContain('graphile');
  });
});

describe('the chart', () => {
  const picture = chart(result, labels);

  it('has a panel for each workload that was measured and a bar for each peer', () => {
    expect(picture.match(/<g /g)).toHaveLength(3);
    expect(picture.match(/<rect x=/g)).toHaveLength(5);
    expect(picture).toContain('24,000');
  });

  it('is well-formed whatever the labels hold', () => {
    expect(picture).toContain('DBOS &amp; &lt;others&gt;');
    expect(picture).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('numbers', () => {
  it('are as short as they can be', () => {
    expect([12_345.6, 99.44, 1.234, 0.0456, 0, null].map(number)).toEqual(['12,346', '99.4', '1.23', '0.046', '0.00', '-']);
    expect([withRange(5, [5, 5]), withRange(5, [4, 6]), withRange(null, [null, null])]).toEqual(['5.00', '5.00 (4.00-6.00)', '-']);
    expect([ratio(30, 2), ratio(1, 0), ratio(undefined, 2)]).toEqual(['15.0x', '-', '-']);
  });
});
