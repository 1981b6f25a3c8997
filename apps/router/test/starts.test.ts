import { useRouter } from './support/router.js';

const router = useRouter();
const { db } = router;

interface Started {
  run_id: string;
  status: string;
  executed_on: string;
  durability: string;
  existing: boolean;
}

describe('starting a run', () => {
  beforeEach(async () => {
    await db.make.define('greet', 'hello');
  });

  it('answers 202 with its id, and the run is stored as asked for', async () => {
    const { status, body } = await router.client.post<Started>('/api/workflows', {
      tenant_id: 'acme',
      workflow: 'greet',
      input: { name: 'World' },
      priority: 'high',
      labels: { env: 'test' },
      deadline: '2099-01-01T01:00:00+01:00',
    });
    expect(status).toBe(202);
    expect(body).toEqual({ run_id: expect.any(String), status: 'started', executed_on: 'local', durability: 'local', existing: false });
    const run = await db.make.run(body.run_id);
    expect(run).toMatchObject({ tenant_id: 'acme', workflow: 'greet', input: { name: 'World' }, priority: 2, labels: { env: 'test' } });
    expect(run['deadline']).toEqual(new Date('2099-01-01T00:00:00Z'));
  });

  it('takes goal and opts at the alias', async () => {
    const { status, body } = await router.client.post<Started>('/api/workflows/execute', {
      goal: 'greet',
      opts: { tenant_id: 'acme', input: [1] },
    });
    expect(status).toBe(202);
    expect(await db.make.run(body.run_id)).toMatchObject({ workflow: 'greet', input: [1] });
  });

  it('keeps every kind of input as it was sent', async () => {
    const inputs = [null, true, 0, -0.5, 1e300, 'text', '😀\u0007', [], [[null, [1]]], {}, { __proto__: null, a: { '': 1 } }];
    const runs = await Promise.all(inputs.map((input) => router.client.start('greet', input)));
    const stored = await Promise.all(runs.map((runId) => router.client.get(`/api/workflows/${runId}`)));
    expect(stored.map(({ body }) => body['input'])).toEqual(inputs.map((input) => JSON.parse(JSON.stringify(input))));
  });

  it('puts off a run until its time', async () => {
    const { body } = await router.client.post<Started>('/api/workflows', {
      tenant_id: 'acme',
      workflow: 'greet',
      run_at: '2099-01-01T00:00:00Z',
    });
    expect(body.status).toBe('scheduled');
  });

  it('starts the version that is asked for', async () => {
    await db.make.define({ slug: 'greet', max_attempts: 9, steps: [{ slug: 'hello' }] });
    const runId = await router.client.start('greet', {}, { version: 1 });
    expect((await router.client.get(`/api/workflows/${runId}`)).body).toMatchObject({ version: 1 });
  });

  it.each([
    ['an unknown workflow', { workflow: 'nobody' }, 'unknown_workflow', 'workflow'],
    ['an unknown version', { version: 7 }, 'unknown_version', 'version'],
    ['a deadline in the past', { deadline: '2001-01-01T00:00:00Z' }, 'bad_time', 'deadline'],
    ['a durability that one region cannot give', { durability: 'quorum' }, 'quorum_impossible', 'durability'],
  ])('refuses %s by name and stores nothing', async (_, change, code, field) => {
    const { status, body } = await router.client.post('/api/workflows', { tenant_id: 'acme', workflow: 'greet', ...change });
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { code, field, status: 422, type: `urn:singularity-workflow:problem:${code}` },
    });
    expect(await db.sql('select from workflow.workflow_runs')).toHaveLength(0);
  });

  it('refuses an object where the root step maps over an array', async () => {
    await db.make.define({ slug: 'each', steps: [{ slug: 'one', kind: 'map' }] });
    const { status, body } = await router.client.post('/api/workflows', { tenant_id: 'acme', workflow: 'each', input: { a: 1 } });
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'type_violation', field: 'input' } });
  });
});

describe('an idempotency key', () => {
  beforeEach(async () => {
    await db.make.define('greet', 'hello');
  });

  it('makes one run of the same request sent 50 times at once, alone or in a batch, as field or as header', async () => {
    const request = { tenant_id: 'acme', workflow: 'greet', input: { a: 1, b: [2] } };
    const sameRequest = { input: { b: [2], a: 1 }, workflow: 'greet', tenant_id: 'acme' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        i % 2 === 0
          ? router.client.post<Started>('/api/workflows', { ...request, idempotency_key: 'order-1' })
          : router.client.post<Started>('/api/workflows', sameRequest, { 'Idempotency-Key': 'order-1' }),
      ),
    );
    const batch = await router.client.post<{ results: { outcome: string; run_id: string }[] }>('/api/workflows/batch', {
      workflows: [{ ...request, idempotency_key: 'order-1' }],
    });
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(answers.filter(({ body }) => !body.existing)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.run_id)).size).toBe(1);
    expect(batch.body.results).toEqual([expect.objectContaining({ outcome: 'existing', run_id: answers[0]!.body.run_id })]);
    expect(await db.sql('select from workflow.workflow_runs')).toHaveLength(1);
  });

  it('with another request is a conflict that names the run', async () => {
    const runId = await router.client.start('greet', 1, { idempotency_key: 'k' });
    const { status, body } = await router.client.post('/api/workflows', {
      tenant_id: 'acme',
      workflow: 'greet',
      input: 2,
      idempotency_key: 'k',
    });
    expect({ status, body }).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict', field: 'idempotency_key', run_id: runId },
    });
  });

  it('is refused where header and field differ', async () => {
    const body = { tenant_id: 'acme', workflow: 'greet', idempotency_key: 'a' };
    const answer = await router.client.post('/api/workflows', body, { 'Idempotency-Key': 'b' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_key_mismatch', field: 'Idempotency-Key' } });
  });

  it('may be in UTF-8 in the header, and is the same as in the body', async () => {
    const key = Buffer.from('bestellung-ä', 'utf8').toString('latin1');
    const first = await router.client.post<Started>('/api/workflows', { tenant_id: 'acme', workflow: 'greet' }, { 'Idempotency-Key': key });
    const second = await router.client.post<Started>('/api/workflows', {
      tenant_id: 'acme',
      workflow: 'greet',
      idempotency_key: 'bestellung-ä',
    });
    expect(second.body).toMatchObject({ run_id: first.body.run_id, existing: true });
  });
});

describe('a batch', () => {
  beforeEach(async () => {
    await db.make.define('greet', 'hello');
  });

  it('answers for each element, in their order, and stores the good ones', async () => {
    const good = { tenant_id: 'acme', workflow: 'greet', idempotency_key: 'k' };
    const { status, body } = await router.client.post<{ results: object[] }>('/api/workflows/batch', {
      workflows: [good, { ...good, colour: 'red' }, 7, { ...good, workflow: 'nobody' }, good, { ...good, input: 2 }],
    });
    expect(status).toBe(200);
    expect(body.results).toEqual([
      { outcome: 'created', run_id: expect.any(String), status: 'started', durability: 'local', error: null },
      {
        outcome: 'refused',
        run_id: null,
        status: null,
        durability: null,
        error: expect.objectContaining({ code: 'unknown_field', field: 'workflows.1.colour' }),
      },
      {
        outcome: 'refused',
        run_id: null,
        status: null,
        durability: null,
        error: expect.objectContaining({ code: 'invalid_request', field: 'workflows.2' }),
      },
      {
        outcome: 'refused',
        run_id: null,
        status: null,
        durability: null,
        error: expect.objectContaining({ code: 'unknown_workflow', field: 'workflows.3.workflow' }),
      },
      expect.objectContaining({ outcome: 'existing' }),
      expect.objectContaining({ outcome: 'conflict', error: expect.objectContaining({ code: 'idempotency_conflict' }) }),
    ]);
    expect(await db.sql('select from workflow.workflow_runs')).toHaveLength(1);
  });

  it('takes 1,000 elements and refuses 1,001', async () => {
    const workflows = Array.from({ length: 1_001 }, () => ({ tenant_id: 'acme', workflow: 'greet' }));
    const tooMany = await router.client.post('/api/workflows/batch', { workflows });
    expect(tooMany).toMatchObject({ status: 422, body: { code: 'batch_too_large', field: 'workflows', batch_max: 1_000 } });
    expect(await db.sql('select from workflow.workflow_runs')).toHaveLength(0);
    const { body } = await router.client.post<{ results: { outcome: string }[] }>('/api/workflows/batch', {
      workflows: workflows.slice(1),
    });
    expect(body.results.filter(({ outcome }) => outcome === 'created')).toHaveLength(1_000);
  });

  it('waits outside while eight others are on their way', async () => {
    const workflows = Array.from({ length: 100 }, () => ({ tenant_id: 'acme', workflow: 'greet' }));
    const answers = await Promise.all(Array.from({ length: 30 }, () => router.client.post('/api/workflows/batch', { workflows })));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await db.sql('select from workflow.workflow_runs')).toHaveLength(3_000);
  });

  it('refuses one key for all', async () => {
    const answer = await router.client.post('/api/workflows/batch', { workflows: [{}] }, { 'Idempotency-Key': 'k' });
    expect(answer).toMatchObject({ status: 422, body: { field: 'Idempotency-Key' } });
  });
});

describe('waiting for the end of a run', () => {
  beforeEach(async () => {
    await db.make.define('greet', 'hello');
  });

  it('answers a start with the ended run', async () => {
    const answer = router.client.post('/api/workflows?wait=20s', { tenant_id: 'acme', workflow: 'greet', input: { name: 'World' } });
    const worker = await db.make.worker();
    await completeAll(worker);
    expect(await answer).toMatchObject({ status: 200, body: { status: 'completed', output: { hello: 'done' }, input: { name: 'World' } } });
  });

  it('answers a start with 202 where the run goes on', async () => {
    const { status, body } = await router.client.post('/api/workflows?wait=50ms', { tenant_id: 'acme', workflow: 'greet' });
    expect({ status, body }).toMatchObject({ status: 202, body: { status: 'started', existing: false } });
  });

  it('answers many reads of one run when it ends, and a read after its time with the run as it is', async () => {
    const runId = await router.client.start('greet');
    expect((await router.client.get(`/api/workflows/${runId}?wait=50ms`)).body).toMatchObject({ status: 'started' });
    const reads = Array.from({ length: 20 }, () => router.client.get(`/api/workflows/${runId}?wait=20s`));
    await completeAll(await db.make.worker());
    expect((await Promise.all(reads)).map(({ body }) => body['status'])).toEqual(reads.map(() => 'completed'));
  });

  it('answers at once where the run has ended', async () => {
    const runId = await router.client.start('greet');
    await completeAll(await db.make.worker());
    expect((await router.client.get(`/api/workflows/${runId}?wait=60s`)).body).toMatchObject({
      status: 'completed',
      progress: { steps_done: 1, steps_total: 1 },
    });
  });
});

async function completeAll(worker: Awaited<ReturnType<typeof db.make.worker>>): Promise<void> {
  for (;;) {
    const tasks = await worker.claim();
    if (tasks.length > 0) {
      await worker.completeAll(tasks.map((task) => [task, 'done'] as const));
      return;
    }
  }
}
