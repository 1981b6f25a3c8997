// The whole bench with a few runs of each workload and peer, as a process, as it is started by `pnpm bench`; needs what `pnpm build` makes.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Result } from '../src/report/result.js';

const PROGRAM = join(__dirname, '../dist/main.js');
const LIMIT_MS = 600_000;
const STEPPING = ['chain1', 'chain3', 'chain10', 'fanout', 'history', 'bloat'];
const SCALING = { scalingExecutors: 3, scalingRouters: 2, scalingDatabase: 2 };

const REGIONS = {
  regionsThroughput: ['regionAlone', 'regionOfThree', 'regionsThree', 'regionLink'],
  regionsSubmission: ['clients1', 'clients50'],
  regionsDecisions: ['members3', 'members7'],
  regionsCheck: ['checkAlone', 'checkInMesh'],
};

let folder: string;
let result: Result;
let stdout: string;

async function run(...args: string[]): Promise<Result> {
  const file = join(folder, 'result.json');
  const common = ['--tiny', '--json', file, '--database-url', process.env['TEST_PG_URL']!];
  ({ stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...common, ...args]));
  return JSON.parse(readFileSync(file, 'utf8')) as Result;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'workflow-bench-'));
  result = await run();
}, LIMIT_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a tiny bench', () => {
  it('says nothing on stdout when it writes JSON', () => {
    expect(stdout).toBe('');
  });

  it('knows machine, versions and commit', () => {
    expect(result.machine.cores).toBeGreaterThan(0);
    expect(Object.keys(result.versions)).toEqual(['node', 'postgresql', '@dbos-inc/dbos-sdk', 'graphile-worker', 'pg-boss']);
    expect(result.commit).not.toBe('');
  });

  it.each(STEPPING)('measures %s of every peer that can do it', (name) => {
    const entries = Object.entries(result.workloads[name]!);
    const peers =
      name === 'fanout' ? ['ours', 'dbos', 'pgboss', 'floor'] : ['ours', 'dbos', 'graphile', 'graphileBatched', 'pgboss', 'floor'];
    expect(entries.map(([key]) => key)).toEqual(peers);
    for (const [, entry] of entries) {
      expect(entry).toMatchObject({ mistakes: [], failure: null, rounds: [expect.anything()] });
      expect(entry.stepsPerSecond).toBeGreaterThan(0);
      expect(entry.walBytesPerStep).toBeGreaterThan(0);
    }
  });

  it.each(['latency', 'latency3'])('measures %s from submission to handler and to result', (name) => {
    for (const entry of Object.values(result.workloads[name]!)) {
      expect(entry).toMatchObject({ mistakes: [], failure: null });
      expect(entry.p50Ms).toBeGreaterThan(0);
      expect(entry['resultP50Ms']).toBeGreaterThanOrEqual(entry.p50Ms!);
    }
  });

  it('measures submissions and cost', () => {
    for (const entry of Object.values(result.workloads['submission']!)) expect(entry.runsPerSecond).toBeGreaterThan(0);
    for (const entry of Object.values(result.workloads['cost']!)) expect(entry['commitsPerStep']).toBeGreaterThan(0);
  });
});

describe('a tiny scaling', () => {
  it(
    'measures executors, routers and the database alone, or says why not',
    async () => {
      const { workloads, labels } = await run('--only', 'scaling', '--peers', 'ours');
      for (const [workload, entrants] of Object.entries(SCALING)) {
        expect(Object.keys(workloads[workload]!)).toHaveLength(entrants);
        for (const [key, entry] of Object.entries(workloads[workload]!)) {
          expect(entry).toMatchObject({ mistakes: [], failure: null });
          expect(labels[key]).toBeDefined();
          expect(entry.rounds).toHaveLength(entry.skipped === null ? 1 : 0);
        }
      }
      expect(workloads['scalingExecutors']!['executors4']!['connections']).toBeGreaterThan(4);
    },
    LIMIT_MS,
  );
});

describe('a tiny look at several regions', () => {
  it(
    'measures throughput, submissions, decisions and the check of homes',
    async () => {
      const { workloads, labels } = await run('--only', 'regions', '--peers', 'ours');
      for (const [workload, entrants] of Object.entries(REGIONS)) {
        expect(Object.keys(workloads[workload]!)).toEqual(entrants);
        for (const [key, entry] of Object.entries(workloads[workload]!)) {
          expect(entry).toMatchObject({ mistakes: [], failure: null, rounds: [expect.anything()] });
          expect(labels[key]).toBeDefined();
        }
      }
      expect(workloads['regionsThroughput']!['regionOfThree']!['sentRowsPerStep']).toBeGreaterThan(1);
      expect(workloads['regionsThroughput']!['regionLink']!['appliedStepsPerSecond']).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
