import { useRouter } from './support/router.js';

const router = useRouter();
const { db } = router;

interface Page {
  runs: { run_id: string; status: string; workflow: string }[];
  next_cursor: string | null;
}

async function idsOfAllPages(query: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const { body }: { body: Page } = await router.client.get<Page>(`/api/workflows?${query}${cursor === null ? '' : `&cursor=${cursor}`}`);
    ids.push(...body.runs.map((run) => run.run_id));
    cursor = body.next_cursor;
  } while (cursor !== null);
  return ids;
}

async function failedRun(workflow: string): Promise<string> {
  const runId = await router.client.start(workflow);
  const worker = await db.make.worker();
  const task = (await worker.claim()).find((claimed) => claimed.run_id === runId);
  await worker.fail(task!, { message: 'no luck', retryable: false });
  return runId;
}

beforeEach(async () => {
  await db.make.define('greet', 'hello');
});

describe('the list of runs', () => {
  it('has every run once, newest first, over pages', async () => {
    const runs: string[] = [];
    for (let i = 0; i < 7; i++) runs.push(await router.client.start('greet'));
    expect(await idsOfAllPages('limit=3')).toEqual(runs.toReversed());
  });

  it('is filtered by tenant, workflow, status, labels and time', async () => {
    await db.make.define('other', 'a');
    const wanted = await router.client.start('greet', {}, { labels: { env: 'prod', team: 'a:b' } });
    const elsewhere = await router.client.start('other', {}, { labels: { env: 'prod' } });
    const foreign = (await router.client.post<{ run_id: string }>('/api/workflows', { tenant_id: 'globex', workflow: 'greet' })).body
      .run_id;
    const cancelled = await router.client.start('greet');
    await router.client.post(`/api/workflows/${cancelled}/cancel`);

    expect(await idsOfAllPages('tenant_id=globex')).toEqual([foreign]);
    expect(await idsOfAllPages('workflow=other')).toEqual([elsewhere]);
    expect(await idsOfAllPages('status=cancelled')).toEqual([cancelled]);
    expect(await idsOfAllPages('status=completed,cancelled&tenant_id=acme&workflow=greet')).toEqual([cancelled]);
    expect(await idsOfAllPages('label=env:prod')).toEqual([elsewhere, wanted]);
    expect(await idsOfAllPages('label=env:prod&label=team:a:b')).toEqual([wanted]);
    expect(await idsOfAllPages('created_from=2001-01-01T00:00:00Z&created_to=2002-01-01T00:00:00Z')).toEqual([]);
    expect(await idsOfAllPages('created_from=2001-01-01T00:00:00Z')).toHaveLength(4);
    expect(await idsOfAllPages('region=elsewhere')).toEqual([]);
    expect(await idsOfAllPages('region=local')).toHaveLength(4);
  });
});

describe('one run', () => {
  it('is read with its input, output, progress and times', async () => {
    const runId = await router.client.start('greet', { name: 'World' }, { idempotency_key: 'k', labels: { a: 'b' } });
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), { text: 'hello' });
    expect((await router.client.get(`/api/workflows/${runId}`)).body).toEqual({
      run_id: runId,
      tenant_id: 'acme',
      workflow: 'greet',
      version: 1,
      definition_id: expect.any(String),
      status: 'completed',
      priority: 'normal',
      durability: 'local',
      labels: { a: 'b' },
      idempotency_key: 'k',
      parent_run_id: null,
      progress: { steps_done: 1, steps_total: 1 },
      error: null,
      region: 'local',
      epoch: 1,
      run_at: null,
      deadline: null,
      created_at: expect.stringMatching(/Z$/),
      started_at: expect.stringMatching(/Z$/),
      paused_at: null,
      finished_at: expect.stringMatching(/Z$/),
      input: { name: 'World' },
      output: { hello: { text: 'hello' } },
      as_of: expect.stringMatching(/Z$/),
    });
  });

  it('tells its steps, their tasks and the attempts that failed', async () => {
    await db.make.define({
      slug: 'fan',
      base_delay_ms: 0,
      steps: [
        { slug: 'each', kind: 'map' },
        { slug: 'sum', depends_on: ['each'] },
      ],
    });
    const runId = await router.client.start('fan', [1, 2, 3]);
    const worker = await db.make.worker();
    const [first] = (await worker.claim()).toSorted((a, b) => a.task_index - b.task_index);
    await worker.fail(first!, { code: 'flaky', message: 'try again' });

    const { body } = await router.client.get<{ steps: Record<string, unknown>[]; next_cursor: string | null }>(
      `/api/workflows/${runId}/steps`,
    );
    expect(body.steps.map((step) => [step['step'], step['kind'], step['status'], step['depends_on'], step['tasks_total']])).toEqual([
      ['each', 'map', 'started', [], 3],
      ['sum', 'single', 'created', ['each'], null],
    ]);
    const tasks = body.steps[0]!['tasks'] as Record<string, unknown>[];
    expect(tasks.map((task) => [task['task_index'], task['status'], task['attempt'], task['failures']])).toEqual([
      [0, 'queued', 1, 1],
      [1, 'started', 1, 0],
      [2, 'started', 1, 0],
    ]);
    expect(tasks[0]!['attempts']).toEqual([
      expect.objectContaining({
        attempt: 1,
        reported: true,
        worker_id: worker.id,
        error: expect.objectContaining({ code: 'flaky', message: 'try again' }),
      }),
    ]);
  });

  it('tells its tasks in pages', async () => {
    await db.make.define({ slug: 'fan', steps: [{ slug: 'each', kind: 'map' }] });
    const runId = await router.client.start('fan', [1, 2, 3, 4, 5]);
    const seen: number[] = [];
    let path: string | null = `/api/workflows/${runId}/steps?limit=2`;
    while (path !== null) {
      const { body }: { body: { steps: { tasks: { task_index: number }[] }[]; next_cursor: string | null } } =
        await router.client.get(path);
      seen.push(...body.steps[0]!.tasks.map((task) => task.task_index));
      path = body.next_cursor === null ? null : `/api/workflows/${runId}/steps?limit=2&cursor=${body.next_cursor}`;
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a command', () => {
  it('cancels a run, twice is once, and a completed one is refused', async () => {
    const runId = await router.client.start('greet');
    const cancel = () => router.client.post(`/api/workflows/${runId}/cancel`, { reason: 'not wanted' });
    expect(await cancel()).toMatchObject({ status: 200, body: { run_id: runId, status: 'cancelled', changed: true } });
    expect(await cancel()).toMatchObject({ status: 200, body: { status: 'cancelled', changed: false } });
    expect((await router.client.get(`/api/workflows/${runId}`)).body).toMatchObject({ error: { message: 'not wanted' } });

    const completed = await router.client.start('greet');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne());
    expect(await router.client.post(`/api/workflows/${completed}/cancel`)).toMatchObject({ status: 409, body: { code: 'run_finished' } });
  });

  it('pauses and resumes a run', async () => {
    const runId = await router.client.start('greet');
    const worker = await db.make.worker();
    expect(await router.client.post(`/api/workflows/${runId}/pause`)).toMatchObject({
      status: 200,
      body: { status: 'paused', changed: true },
    });
    expect(await worker.claim()).toEqual([]);
    expect(await router.client.post(`/api/workflows/${runId}/resume`, {})).toMatchObject({
      status: 200,
      body: { status: 'started', changed: true },
    });
    expect(await worker.claim()).toHaveLength(1);
  });

  it('retries a failed run from where it failed, from the start or from a step', async () => {
    const runId = await failedRun('greet');
    expect(await router.client.post(`/api/workflows/${runId}/retry`)).toMatchObject({
      status: 200,
      body: { status: 'started', changed: true },
    });
    expect(await router.client.post(`/api/workflows/${runId}/retry`)).toMatchObject({ status: 409 });
    expect(await router.client.post(`/api/workflows/${await failedRun('greet')}/retry`, { from: 'start' })).toMatchObject({ status: 200 });
    expect(await router.client.post(`/api/workflows/${await failedRun('greet')}/retry`, { from: 'hello' })).toMatchObject({ status: 200 });
    expect(await router.client.post(`/api/workflows/${await failedRun('greet')}/retry`, { from: 'step:hello' })).toMatchObject({
      status: 200,
    });
    expect(await router.client.post(`/api/workflows/${await failedRun('greet')}/retry`, { from: 'nothing' })).toMatchObject({
      status: 422,
      body: { code: 'unknown_step' },
    });
  });

  it('deletes a finished run and refuses an open one', async () => {
    const runId = await router.client.start('greet');
    expect(await router.client.delete(`/api/workflows/${runId}`)).toMatchObject({ status: 409, body: { code: 'run_not_finished' } });
    await router.client.post(`/api/workflows/${runId}/cancel`);
    expect(await router.client.delete(`/api/workflows/${runId}`)).toMatchObject({ status: 204 });
    expect(await router.client.get(`/api/workflows/${runId}`)).toMatchObject({ status: 404 });
  });
});

describe('a command by filter', () => {
  it('is counted first, done in steps, and leaves the others alone', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => router.client.start('greet', {}, { labels: { batch: '1' } })));
    const other = await router.client.start('greet');
    const filter = { labels: { batch: '1' } };
    expect((await router.client.post('/api/workflows/cancel', { filter, dry_run: true })).body).toEqual({
      dry_run: true,
      matched: 5,
      complete: true,
      changed: 0,
      unchanged: 0,
      next_cursor: null,
    });
    const first = await router.client.post('/api/workflows/cancel', { filter, limit: 2, reason: 'spring cleaning' });
    expect(first.body).toMatchObject({ dry_run: false, matched: 2, changed: 2, complete: false, next_cursor: expect.any(String) });
    const rest = await router.client.post('/api/workflows/cancel', { filter, cursor: first.body['next_cursor'] });
    expect(rest.body).toMatchObject({ matched: 3, changed: 3, complete: true, next_cursor: null });
    const statuses = await Promise.all(runs.map(async (runId) => (await db.make.run(runId)).status));
    expect(statuses).toEqual(runs.map(() => 'cancelled'));
    expect((await db.make.run(other)).status).toBe('started');
  });

  it('retries what failed', async () => {
    const failed = [await failedRun('greet'), await failedRun('greet')];
    const answer = await router.client.post('/api/workflows/retry', { filter: { workflow: 'greet' } });
    expect(answer.body).toMatchObject({ matched: 2, changed: 2, unchanged: 0 });
    expect(await Promise.all(failed.map(async (runId) => (await db.make.run(runId)).status))).toEqual(['started', 'started']);
  });

  it('is refused without any condition', async () => {
    expect(await router.client.post('/api/workflows/cancel', { filter: {} })).toMatchObject({ status: 422, body: { field: 'filter' } });
    expect(await router.client.post('/api/workflows/retry', {})).toMatchObject({ status: 422, body: { field: 'filter' } });
  });
});
