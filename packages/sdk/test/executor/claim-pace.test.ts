// When claims are made. `claim` stands for the database's function, and time is the test's own; running.test.ts has the real ones.
import { silentLogger, type ClaimedTask } from '@singularity-workflow/core';
import { ClaimLoop } from '../../src/executor/claim.loop.js';

const POLL_MS = 100;

/** Times of the claims, in ms; each is answered with as many tasks as `answers` says, then with none. */
async function paced(isWoken: boolean, answers: number[]): Promise<{ times: number[]; loop: ClaimLoop }> {
  const times: number[] = [];
  const began = performance.now();
  const loop = new ClaimLoop({
    batchSize: 10,
    concurrency: 10,
    pollIntervalMs: POLL_MS,
    logger: silentLogger,
    freeSlots: () => 10,
    isBlocked: () => false,
    isWoken: () => isWoken,
    claim: async () => {
      times.push(Math.round(performance.now() - began));
      return Array.from({ length: answers.shift() ?? 0 }, () => ({}) as ClaimedTask);
    },
  });
  loop.start();
  await jest.advanceTimersByTimeAsync(0);
  return { times, loop };
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('polls at growing distances while it cannot know that wake-ups arrive', async () => {
  const { times, loop } = await paced(false, [1]);
  await jest.advanceTimersByTimeAsync(150);
  expect(times).toEqual([0, 5, 15, 35, 75]);
  void loop.stop();
});

it('leaves the database alone until the next poll where wake-ups arrive', async () => {
  const { times, loop } = await paced(true, [1]);
  await jest.advanceTimersByTimeAsync(160);
  expect(times).toEqual([0, POLL_MS]);
  loop.wake();
  await jest.advanceTimersByTimeAsync(0);
  expect(times).toEqual([0, POLL_MS, 160]);
  void loop.stop();
});

it('claims again at once after a full claim, woken or not', async () => {
  const { times, loop } = await paced(true, [10, 10, 3]);
  await jest.advanceTimersByTimeAsync(10);
  expect(times).toEqual([0, 0, 0]);
  void loop.stop();
});
