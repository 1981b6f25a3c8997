// Attempts that are over before their handler is.
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { AttemptAborted, workflow } from '../../src/index.js';
import { gate, passTime, useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished, eventsOf } = useExecutors(db);

const abortOf = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason));
  });

describe('a timeout', () => {
  it('aborts the signal, never early, and the next attempt may succeed', async () => {
    const seen: { reason: unknown; afterMs: number; deadlineInMs: number }[] = [];
    const slow = workflow('slow', { timeoutMs: 2_000, maxAttempts: 2, baseDelayMs: 1 }).step('a', async (_, ctx) => {
      if (ctx.attempt === 2) return 'second';
      const beganMs = performance.now();
      const deadlineInMs = ctx.deadline.getTime() - Date.now();
      seen.push({ reason: await abortOf(ctx.signal), afterMs: performance.now() - beganMs, deadlineInMs });
      return 'too late';
    });
    await executor([slow]);
    const runId = await db.make.start('slow');

    expect(await finished(runId)).toMatchObject({ status: 'completed', output: { a: 'second' } });
    expect(seen[0]?.reason).toBeInstanceOf(AttemptAborted);
    expect(seen[0]?.reason).toMatchObject({ reason: 'timeout', name: 'AbortError' });
    expect(seen[0]?.afterMs).toBeGreaterThanOrEqual(1_999.5);
    expect(seen[0]?.deadlineInMs).toBeGreaterThan(0);
    expect(seen[0]?.deadlineInMs).toBeLessThanOrEqual(2_001);
    const attempts = await db.sql(`select attempt, reported, error ->> 'code' as code from workflow.step_attempts where run_id = $1`, [
      runId,
    ]);
    expect(attempts).toEqual([{ attempt: 1, reported: true, code: 'timeout' }]);
  });

  it('frees the slot of a handler that never returns, and ignores what it returns later', async () => {
    const stuck = gate<string>();
    const deaf = workflow('deaf', { maxAttempts: 1 })
      .step('a', { timeoutMs: 30 }, () => stuck.promise)
      .step('b', () => 'b');
    const ex = await executor([deaf], { concurrency: 1 });
    const runId = await db.make.start('deaf');
    const run = await finished(runId);
    expect(run).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
    expect(ex.stats).toMatchObject({ abandoned: 1 });

    // The one slot is free again.
    const second = await db.make.start('deaf');
    await finished(second);
    expect(ex.stats.abandoned).toBe(2);

    stuck.open('late');
    await waitFor(() => ex.stats.abandoned === 0, { until: 'the handlers have returned' });
    expect(ex.stats.busy).toBe(0);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'failed', output: null });
  });

  it('of many attempts is judged for each by itself', async () => {
    const each = workflow<string[]>('each', { maxAttempts: 1 }).map('n', { timeoutMs: 2_000, whenExhausted: 'skip' }, async (pace, ctx) => {
      if (pace === 'slow') await abortOf(ctx.signal);
    });
    await executor([each]);
    const runId = await db.make.start('each', ['fast', 'fast', 'slow', 'fast']);
    await finished(runId);
    const tasks = await db.make.tasks(runId, 'n');
    expect(tasks.map(({ status }) => status)).toEqual(['completed', 'completed', 'failed', 'completed']);
  });
});

describe('a run that ends without the attempt', () => {
  it('aborts its signal when it is cancelled, and nothing is reported', async () => {
    const reason = gate<unknown>();
    const waits = workflow('waits').step('a', async (_, ctx) => reason.open(await abortOf(ctx.signal)));
    const ex = await executor([waits]);
    const runId = await db.make.start('waits');
    await waitFor(() => ex.stats.busy === 1, { until: 'the handler runs' });
    await db.call('cancel_runs', [[runId], 'enough']);

    expect(await reason.promise).toMatchObject({ reason: 'run_cancelled' });
    await waitFor(() => ex.stats.busy === 0 && ex.stats.abandoned === 0, { until: 'the handler has returned' });
    expect(ex.stats.outcomes).toEqual({ completed: 0, failed: 0, released: 0, aborted: 1, lost: 0 });
    expect(eventsOf('task_aborted')).toHaveLength(1);
    expect(eventsOf('report_refused')).toHaveLength(0);
  });

  it('aborts siblings of a task that failed', async () => {
    const reason = gate<unknown>();
    const begun = gate();
    const pair = workflow('pair', { maxAttempts: 1 })
      .step('bad', async () => {
        await begun.promise;
        throw new Error('boom');
      })
      .step('sibling', async (_, ctx) => {
        begun.open();
        reason.open(await abortOf(ctx.signal));
      });
    await executor([pair]);
    expect((await finished(await db.make.start('pair'))).status).toBe('failed');
    expect(await reason.promise).toMatchObject({ reason: 'run_failed' });
  });

  it('is told to a handler that asks for the signal only then', async () => {
    const asked = gate();
    const signal = gate<AbortSignal>();
    const waits = workflow('waits').step('a', async (_, ctx) => {
      await asked.promise;
      signal.open(ctx.signal);
    });
    const ex = await executor([waits]);
    const runId = await db.make.start('waits');
    await waitFor(() => ex.stats.busy === 1, { until: 'the handler runs' });
    await db.call('cancel_runs', [[runId], null]);
    await waitFor(() => ex.stats.abandoned === 1, { until: 'the attempt is over' });
    asked.open();
    expect((await signal.promise).aborted).toBe(true);
  });
});

it('keeps a task that takes longer than the visibility timeout, and runs it once', async () => {
  const calls: number[] = [];
  const release = gate();
  const long = workflow('long').step('a', async (_, ctx) => {
    calls.push(ctx.attempt);
    await release.promise;
  });
  const ex = await executor([long], { visibilityTimeoutMs: 5_000 });
  const runId = await db.make.start('long');
  await waitFor(() => calls.length === 1, { until: 'the handler runs' });
  await passTime(db, 5_001); // the last heartbeat has looked at the claim
  expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100])).toEqual([]);
  release.open();
  expect((await finished(runId)).status).toBe('completed');
  expect(calls).toEqual([1]);
  await waitFor(() => ex.stats.outcomes.completed === 1, { until: 'the report was answered' });
});
