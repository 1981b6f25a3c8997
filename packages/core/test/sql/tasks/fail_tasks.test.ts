import { useTestDatabase, type Claimed, type StepDefinition, type TestWorker } from '@singularity-workflow/testkit';

const db = useTestDatabase();

async function startOf(steps: StepDefinition[], input: unknown = {}): Promise<{ runId: string; worker: TestWorker }> {
  await db.make.define({ slug: 'w', steps });
  return { runId: await db.make.start('w', input), worker: await db.make.worker() };
}
const attemptsOf = (runId: string) =>
  db.sql(
    'select step_slug, attempt, reported, error, worker_id from workflow.step_attempts where run_id = $1 order by step_slug, task_index, attempt',
    [runId],
  );
const find = (tasks: Claimed[], slug: string) => tasks.find(({ step_slug }) => step_slug === slug)!;

describe('fail_tasks retries', () => {
  it('not before the delay, and as the next attempt', async () => {
    await db.clock.freeze();
    const { worker } = await startOf([{ slug: 'a', base_delay_ms: 10_000 }]);
    await worker.fail(await worker.claimOne());
    await db.clock.advance(9_999);
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(1_002); // 10 % of jitter, and a millisecond
    expect(await worker.claim()).toMatchObject([{ step_slug: 'a', attempt: 2 }]);
  });

  it('with a delay that doubles up to the maximum, and up to a tenth on top, never less', async () => {
    await db.clock.freeze();
    const { worker } = await startOf([{ slug: 'a', base_delay_ms: 1_000, max_delay_ms: 5_000, max_attempts: 10 }]);
    const waits: number[] = [];
    for (let failure = 1; failure <= 5; failure += 1) {
      const { retry_at } = await worker.fail(await worker.claimOne());
      const waitMs = retry_at!.getTime() - (await db.clock.now()).getTime();
      waits.push(waitMs);
      await db.clock.advance(waitMs + 1);
    }
    const expected = [1_000, 2_000, 4_000, 5_000, 5_000];
    waits.forEach((waitMs, i) => {
      expect(waitMs).toBeGreaterThanOrEqual(expected[i]! - 1); // a Date cuts microseconds off
      expect(waitMs).toBeLessThanOrEqual(expected[i]! * 1.1 + 1);
    });
  });

  it('with different jitters for different tasks', async () => {
    const { worker } = await startOf([{ slug: 'm', kind: 'map', base_delay_ms: 60_000 }], Array(10).fill(0));
    const answers = await worker.failAll((await worker.claim()).map((task) => [task, {}]));
    expect(new Set(answers.map(({ retry_at }) => retry_at!.getTime())).size).toBeGreaterThan(1);
  });

  it('after the delay that the handler gave', async () => {
    await db.clock.freeze();
    const { worker } = await startOf([{ slug: 'a', base_delay_ms: 1 }]);
    await worker.fail(await worker.claimOne(), { retry_after_ms: 3_600_000 });
    await db.clock.advance(3_599_999);
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(2);
    expect(await worker.claim()).toHaveLength(1);
  });

  it.each([-1, 1e15, 9e18])('with a delay of %d ms too, without breaking the batch', async (delayMs) => {
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'b' }]);
    const tasks = await worker.claim();
    const answers = await worker.failAll([
      [find(tasks, 'a'), { retry_after_ms: delayMs }],
      [find(tasks, 'b'), {}],
    ]);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'queued' });
  });

  it('until max_attempts, where the step beats the workflow', async () => {
    await db.make.define({ slug: 'w', max_attempts: 5, base_delay_ms: 0, steps: [{ slug: 'a', max_attempts: 2 }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.fail(await worker.claimOne())).toMatchObject({ verdict: 'accepted', retry_at: expect.any(Date) });
    expect(await worker.fail(await worker.claimOne(), { message: 'the last straw' })).toMatchObject({
      verdict: 'accepted',
      retry_at: null,
    });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { message: 'the last straw', step: 'a' } });
    expect(await db.make.step(runId, 'a')).toMatchObject({ status: 'failed', error: { message: 'the last straw' } });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'failed', attempt: 2, failures: 2 });
  });

  it('three times by default', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', base_delay_ms: 0 }]);
    for (let i = 0; i < 3; i += 1) await worker.fail(await worker.claimOne());
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed' });
    expect(await attemptsOf(runId)).toHaveLength(3);
  });

  it('and keeps every failed attempt with its error and its worker', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', base_delay_ms: 0 }]);
    for (let i = 1; i <= 3; i += 1) await worker.fail(await worker.claimOne(), { code: `c${i}`, message: `m${i}` });
    expect(await attemptsOf(runId)).toEqual(
      [1, 2, 3].map((n) => ({
        step_slug: 'a',
        attempt: n,
        reported: true,
        error: { code: `c${n}`, message: `m${n}` },
        worker_id: worker.id,
      })),
    );
  });

  it('not at all where the error is not retryable', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', max_attempts: 10 }]);
    expect(await worker.fail(await worker.claimOne(), { retryable: false })).toMatchObject({ verdict: 'accepted', retry_at: null });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed' });
  });

  it('and completes in the end with the output of the attempt that succeeded', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', base_delay_ms: 0 }]);
    await worker.fail(await worker.claimOne());
    await worker.complete(await worker.claimOne(), 'second time');
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { a: 'second time' }, error: null });
  });

  it('and says which queue got work again', async () => {
    const { worker } = await startOf([{ slug: 'a', base_delay_ms: 0, queue: 'again' }]);
    const answer = await worker.fail(await worker.claimOne({ queues: ['again'] }));
    expect(answer.queues).toEqual(['again']);
  });
});
