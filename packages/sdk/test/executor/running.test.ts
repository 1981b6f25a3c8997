import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { NonRetryableError, RetryAfterError, workflow } from '../../src/index.js';
import { useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished, eventsOf } = useExecutors(db);

describe('a run', () => {
  it('goes through single steps, a map over a path and a join, each with its typed input', async () => {
    const seen: Record<string, unknown> = {};
    const order = workflow<{ id: string }>('order')
      .step('reserve', (input, ctx) => {
        seen['reserve'] = { input, key: ctx.idempotencyKey, tenant: ctx.tenantId, region: ctx.region };
        return { total: 3, parcels: ['p0', null, { p: 2 }] };
      })
      .step('charge', { dependsOn: ['reserve'] }, async ({ reserve }) => `charged ${reserve.total}`)
      .map('ship', { over: 'reserve.parcels' }, async (parcel, ctx) => ({ parcel, index: ctx.taskIndex, run: ctx.runInput.id }))
      .step('notify', { dependsOn: ['charge', 'ship'] }, ({ charge, ship }) => [charge, ship.map(({ index }) => index)]);
    await executor([order], { region: 'eu-1' });
    const runId = await db.make.start('order', { id: 'o1' });

    expect(await finished(runId)).toMatchObject({ status: 'completed', output: { notify: ['charged 3', [0, 1, 2]] } });
    expect(seen['reserve']).toEqual({ input: { id: 'o1' }, key: `${runId}:reserve:0`, tenant: 'acme', region: 'eu-1' });
    const shipped = await db.make.tasks(runId, 'ship');
    expect(shipped.map(({ output }) => output)).toEqual([
      { parcel: 'p0', index: 0, run: 'o1' },
      { parcel: null, index: 1, run: 'o1' },
      { parcel: { p: 2 }, index: 2, run: 'o1' },
    ]);
  });

  it('gives every task of a map the run input', async () => {
    const w = workflow<{ factor: number }>('w')
      .step('list', () => Array.from({ length: 120 }, (_, n) => n))
      .map('times', { over: 'list' }, (n, ctx) => n * ctx.runInput.factor);
    await executor([w], { batchSize: 50 });
    const runs = await Promise.all([2, 3].map((factor) => db.make.start('w', { factor })));
    expect((await finished(runs[0]!)).output).toEqual({ times: Array.from({ length: 120 }, (_, n) => 2 * n) });
    expect((await finished(runs[1]!)).output).toEqual({ times: Array.from({ length: 120 }, (_, n) => 3 * n) });
  });

  it('retries what a handler throws, with the delay that it asked for, and keeps each error', async () => {
    const flaky = workflow('flaky', { maxAttempts: 3, baseDelayMs: 1 }).step('a', (_, ctx) => {
      if (ctx.attempt === 1) throw new Error('first');
      if (ctx.attempt === 2) throw new RetryAfterError(7, 'second');
      return ctx.attempt;
    });
    await executor([flaky]);
    const runId = await db.make.start('flaky');

    expect(await finished(runId)).toMatchObject({ status: 'completed', output: { a: 3 } });
    const attempts = await db.sql(`select error ->> 'message' as message from workflow.step_attempts where run_id = $1 order by attempt`, [
      runId,
    ]);
    expect(attempts).toEqual([{ message: 'first' }, { message: 'second' }]);
    await waitFor(() => eventsOf('task_failed').length === 2, { until: 'the reports were answered: 2' });
  });

  it('fails at once for a NonRetryableError', async () => {
    const hopeless = workflow('hopeless', { maxAttempts: 5, baseDelayMs: 1 }).step('a', () => {
      throw new NonRetryableError('no such customer');
    });
    await executor([hopeless]);
    const run = await finished(await db.make.start('hopeless'));

    expect(run.status).toBe('failed');
    expect(run.error?.message).toContain('no such customer');
    await waitFor(() => eventsOf('task_failed').length === 1, { until: 'the reports were answered: 1' });
  });

  it.each([
    ['nothing', undefined, null],
    ['null', null, null],
    ['a date', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['text with backslashes', 'a\\u0000b', 'a\\u0000b'],
    ['an emoji and a control character', '\u{1F600}\u0001', '\u{1F600}\u0001'],
    ['numbers', [0, -1.5, 1e300, Number.MAX_SAFE_INTEGER], [0, -1.5, 1e300, Number.MAX_SAFE_INTEGER]],
  ])('stores %s as JSON says it', async (_, output, stored) => {
    await executor([workflow('returns').step('a', () => output)]);
    expect(await finished(await db.make.start('returns'))).toMatchObject({ status: 'completed', output: { a: stored } });
  });

  it.each([
    ['NaN', () => ({ deep: [Number.NaN] }), 'invalid_output', 'output.deep[0] is NaN'],
    ['Infinity', () => Infinity, 'invalid_output', 'Infinity'],
    ['a function', () => ({ f: () => 1 }), 'invalid_output', 'output.f is a function'],
    ['a bigint', () => 1n, 'invalid_output', 'bigint'],
    ['a Map', () => new Map([[1, 2]]), 'invalid_output', 'Map'],
    [
      'a circle',
      () => {
        const a: Record<string, unknown> = {};
        a['a'] = a;
        return a;
      },
      'invalid_output',
      'refers to itself',
    ],
    ['NUL in a string', () => 'a\u0000b', 'invalid_output', '\\u0000'],
    ['half a surrogate pair', () => ['\ud83d'], 'invalid_output', 'surrogate'],
    [
      'a getter that throws',
      () => ({
        get a() {
          throw new Error('mine');
        },
      }),
      'invalid_output',
      'mine',
    ],
    ['more than 1 MiB', () => 'x'.repeat(1_048_576), 'output_too_large', '1048578 bytes'],
    ['more than 1 MiB in few characters', () => '\u20ac'.repeat(400_000), 'output_too_large', '1200002 bytes'],
  ])('fails without a retry for an output that is %s', async (_, output, code, sentence) => {
    await executor([workflow('returns', { maxAttempts: 3, baseDelayMs: 1 }).step('a', () => output() as unknown)]);
    const run = await finished(await db.make.start('returns'));

    expect(run).toMatchObject({ status: 'failed', error: { code } });
    expect(run.error?.message).toContain(sentence);
    await waitFor(() => eventsOf('task_failed').length === 1, { until: 'the reports were answered: 1' });
  });

  it('stores exactly 1 MiB', async () => {
    await executor([workflow('returns').step('a', () => 'x'.repeat(1_048_574))]);
    expect((await finished(await db.make.start('returns'))).status).toBe('completed');
  });

  it.each([
    ['text with NUL', 'a\u0000b', 'a\u2400b'],
    ['half a surrogate pair', 'a\udc00', 'a\ufffd'],
    ['more than the bound', '\u20ac'.repeat(5_000), '\u20ac'.repeat(100)],
  ])('reports an error whose message is %s', async (_, message, stored) => {
    await executor([
      workflow('throws', { maxAttempts: 1 }).step('a', () => {
        throw new Error(message);
      }),
    ]);
    const run = await finished(await db.make.start('throws'));
    expect(run.status).toBe('failed');
    expect(run.error?.message).toContain(stored);
  });
});
