// How often a worker beats. `heartbeat` stands for the database's function, and time is the test's own; moving.test.ts has the real ones.
import { silentLogger, type WorkerStore } from '@singularity-workflow/core';
import { HeartbeatLoop } from '../../src/executor/heartbeat.loop.js';
import { SettledClaims } from '../../src/executor/settled-claims.js';

const INTERVAL_MS = 2_000;
/** What a region alone answers: its lease has no end. */
const ALONE_MS = 2_147_483_647;
const IN_A_MESH_MS = 5_000;

/** When the heartbeats came, in ms from the first moment on. */
async function paced({
  isWoken,
  leaseLeftMs,
  intervalMs = INTERVAL_MS,
}: {
  isWoken: boolean;
  leaseLeftMs: number;
  intervalMs?: number;
}): Promise<number[]> {
  const times: number[] = [];
  const began = performance.now();
  const heartbeat: WorkerStore['heartbeat'] = async () => {
    times.push(Math.round(performance.now() - began));
    return { state: 'active', aborts: [], leaseLeftMs };
  };
  const loop = new HeartbeatLoop({
    workers: { heartbeat } as WorkerStore,
    settled: new SettledClaims(() => 'w'),
    workerId: () => 'w',
    leaderToken: () => null,
    intervalMs,
    timeoutMs: 600_000,
    logger: silentLogger,
    isWoken: () => isWoken,
    held: () => [],
    onAbort: () => undefined,
    onDeprecated: () => undefined,
    onUnknown: () => Promise.resolve(),
    onLate: () => undefined,
    onAnswered: () => undefined,
  });
  loop.start();
  await jest.advanceTimersByTimeAsync(4_100);
  void loop.stop();
  return times;
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('is every half a second in a mesh where no wake-up arrives: what a move wants back is heard of by heartbeats only', async () => {
  expect(await paced({ isWoken: false, leaseLeftMs: IN_A_MESH_MS })).toEqual([0, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000]);
});

it.each([
  ['in a mesh where wake-ups arrive', { isWoken: true, leaseLeftMs: IN_A_MESH_MS }],
  ['in one region alone, where nothing moves', { isWoken: false, leaseLeftMs: ALONE_MS }],
])('is what was asked for %s', async (_, where) => {
  expect(await paced(where)).toEqual([0, 2_000, 4_000]);
});

it('is never less often than what was asked for', async () => {
  expect((await paced({ isWoken: false, leaseLeftMs: IN_A_MESH_MS, intervalMs: 100 })).slice(0, 3)).toEqual([0, 100, 200]);
});
