import { randomUUID } from 'node:crypto';
import { json, useTestDatabase, type StartRequest, type Started } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const stored = async () => (await db.sql<{ runs: number }>('select count(*) as runs from workflow.workflow_runs'))[0]!.runs;
const startOne = async (request: Partial<StartRequest>): Promise<Started> =>
  (await db.make.startAll([{ tenant_id: 'acme', workflow: 'w', ...request }]))[0]!;

describe('start_runs', () => {
  it('gives every step a state and the root steps their tasks', async () => {
    await db.make.define({
      slug: 'w',
      steps: [{ slug: 'a' }, { slug: 'b' }, { slug: 'm', kind: 'map' }, { slug: 'j', depends_on: ['a', 'b'] }, { slug: 'z', depends_on: ['j'] }],
    });
    const runId = await db.make.start('w', ['x', 'y']);
    expect(await db.make.run(runId)).toMatchObject({ status: 'started', remaining_steps: 5, total_steps: 5, input: ['x', 'y'] });
    expect((await db.make.steps(runId)).map(({ step_slug, status, remaining_deps, initial_tasks }) => [step_slug, status, remaining_deps, initial_tasks])).toEqual([
      ['a', 'started', 0, 1],
      ['b', 'started', 0, 1],
      ['j', 'created', 2, null],
      ['m', 'started', 0, 2],
      ['z', 'created', 1, null],
    ]);
    expect((await db.make.tasks(runId)).map(({ step_slug, task_index, status }) => [step_slug, task_index, status])).toEqual([
      ['a', 0, 'queued'],
      ['b', 0, 'queued'],
      ['m', 0, 'queued'],
      ['m', 1, 'queued'],
    ]);
  });

  it('answers each element in order, refused ones too, and says which queues got work', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', queue: 'fed_by_start' }] });
    const answers = await db.make.startAll([
      { tenant_id: 'acme', workflow: 'w' },
      { tenant_id: 'acme', workflow: 'nothing' },
      { tenant_id: 'acme', workflow: 'w' },
    ]);
    expect(answers.map(({ ordinal, outcome, code }) => [ordinal, outcome, code])).toEqual([
      [1, 'created', null],
      [2, 'refused', 'unknown_workflow'],
      [3, 'created', null],
    ]);
    expect(answers.flatMap(({ queues }) => queues ?? [])).toContain('fed_by_start');
    expect(await stored()).toBe(2);
  });

  it('takes an input of null where none is given', async () => {
    await db.make.define('w', 'a');
    const { run_id } = await startOne({});
    expect(await db.make.run(run_id)).toMatchObject({ input: null });
    expect(await db.sql('select jsonb_typeof(input) as type from workflow.workflow_runs')).toEqual([{ type: 'null' }]);
  });

  it('completes a root map over an empty array at once, and all that needs nothing else', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }, { slug: 'n', kind: 'map', over: 'm' }] });
    const { run_id, status } = await startOne({ input: [] });
    expect(await db.make.run(run_id)).toMatchObject({ status: 'completed', output: { n: [] }, remaining_steps: 0 });
    expect(['started', 'completed']).toContain(status);
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
  });

  it('places a tenant by the hash of its id', async () => {
    await db.make.define('w', 'a');
    const { run_id } = await startOne({ tenant_id: 'acme' });
    expect((await db.make.run(run_id))['placement_group']).toMatch(/^global\/\d{1,3}$/);
  });

  it('gives a run to a version that is not active where it is asked for', async () => {
    const first = await db.make.define('w', 'a');
    await db.make.define('w', 'a', 'b');
    const { run_id } = await startOne({ version: 1 });
    expect(await db.make.run(run_id)).toMatchObject({ definition_id: first.definition_id });
  });

  it('keeps a scheduled run from work until its time', async () => {
    await db.make.define('w', 'a');
    const { run_id, status } = await startOne({ run_at: new Date(Date.now() + 60_000).toISOString() });
    expect(status).toBe('scheduled');
    expect(await db.make.tasks(run_id)).toEqual([]);
    expect(await (await db.make.worker()).claim()).toEqual([]);
  });

  it('starts a run at once whose time has passed', async () => {
    await db.make.define('w', 'a');
    const { status } = await startOne({ run_at: '2001-01-01T00:00:00Z' });
    expect(status).toBe('started');
    expect(await (await db.make.worker()).claim()).toHaveLength(1);
  });

  it('makes ids that rise with time', async () => {
    await db.make.define('w', 'a');
    const ids = [];
    for (let i = 0; i < 5; i += 1) ids.push(await db.make.start('w'));
    expect(ids).toEqual(ids.toSorted());
  });

  it('counts what it opened', async () => {
    await db.make.define('w', 'a');
    await db.make.startAll([1, 2, 3].map(() => ({ tenant_id: 'acme', workflow: 'w' })));
    await startOne({ run_at: '2999-01-01T00:00:00Z' });
    expect(await db.call('open_run_counts')).toEqual(
      expect.arrayContaining([
        { status: 'started', runs: 3 },
        { status: 'scheduled', runs: 1 },
        { status: 'paused', runs: 0 },
      ]),
    );
  });
});

describe('start_runs with a key', () => {
  beforeEach(() => db.make.define('w', 'a'));

  it('twice is one run with one id', async () => {
    const first = await startOne({ idempotency_key: 'k', input: { a: 1 } });
    const second = await startOne({ idempotency_key: 'k', input: { a: 1 } });
    expect([first.outcome, second.outcome]).toEqual(['created', 'existing']);
    expect(second.run_id).toBe(first.run_id);
    expect(await stored()).toBe(1);
  });

  it('fifty times at once is one run with one id', async () => {
    const sessions = await Promise.all(Array.from({ length: 50 }, () => db.session()));
    const body = json([{ tenant_id: 'acme', workflow: 'w', input: { a: 1 }, idempotency_key: 'k' }]);
    const answers = (await Promise.all(sessions.map((session) => session.call<Started>('start_runs', [body])))).flat();
    expect(new Set(answers.map(({ run_id }) => run_id)).size).toBe(1);
    expect(answers.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'existing')).toHaveLength(49);
    expect(await stored()).toBe(1);
  });

  it('and another input is a conflict that names the first run, and stores nothing', async () => {
    const first = await startOne({ idempotency_key: 'k', input: { a: 1 } });
    expect(await startOne({ idempotency_key: 'k', input: { a: 2 } })).toMatchObject({
      outcome: 'conflict',
      code: 'idempotency_conflict',
      field: 'idempotency_key',
      run_id: first.run_id,
    });
    expect(await stored()).toBe(1);
  });

  it('does not mind the order of keys inside JSON, nor the form of a number', async () => {
    const send = (input: string) =>
      db.call<Started>('start_runs', [`[{"tenant_id":"acme","workflow":"w","idempotency_key":"k","input":${input}}]`]);
    await send('{"a":1,"b":{"c":2,"d":3}}');
    expect((await send('{ "b": {"d":3, "c":2}, "a": 1 }'))[0]).toMatchObject({ outcome: 'existing' });
  });

  it('is the same for a run whose id the caller made up anew at the repetition', async () => {
    const first = await startOne({ idempotency_key: 'k', run_id: randomUUID() });
    const second = await startOne({ idempotency_key: 'k', run_id: randomUUID() });
    expect(second).toMatchObject({ outcome: 'existing', run_id: first.run_id });
  });

  it('twice in one call is one run', async () => {
    const answers = await db.make.startAll([1, 2, 3].map(() => ({ tenant_id: 'acme', workflow: 'w', idempotency_key: 'k' })));
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['created', 'existing', 'existing']);
    expect(new Set(answers.map(({ run_id }) => run_id)).size).toBe(1);
  });

  it('twice in one call with different inputs is one run and a conflict', async () => {
    const answers = await db.make.startAll([1, 2].map((input) => ({ tenant_id: 'acme', workflow: 'w', idempotency_key: 'k', input })));
    expect(answers.map(({ outcome }) => outcome)).toEqual(['created', 'conflict']);
    expect(await stored()).toBe(1);
  });

  it('belongs to a tenant and a workflow', async () => {
    await db.make.define('other', 'a');
    const answers = await db.make.startAll([
      { tenant_id: 'acme', workflow: 'w', idempotency_key: 'k' },
      { tenant_id: 'bolt', workflow: 'w', idempotency_key: 'k' },
      { tenant_id: 'acme', workflow: 'other', idempotency_key: 'k' },
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['created', 'created', 'created']);
  });

  it('is kept by a run that ended', async () => {
    const first = await startOne({ idempotency_key: 'k' });
    await db.call('cancel_runs', [[first.run_id]]);
    expect(await startOne({ idempotency_key: 'k' })).toMatchObject({ outcome: 'existing', run_id: first.run_id, status: 'cancelled' });
  });

  it('waits for another call that is starting it, and answers its run', async () => {
    const [first, second] = [await db.session(), await db.session()];
    const body = json([{ tenant_id: 'acme', workflow: 'w', idempotency_key: 'k' }]);
    await first.begin();
    const [created] = await first.call<Started>('start_runs', [body]);
    const pending = second.start(() => second.call<Started>('start_runs', [body]));
    await second.waitUntilBlocked();
    await first.commit();
    expect((await pending)[0]).toMatchObject({ outcome: 'existing', run_id: created!.run_id });
  });

  it('becomes free when the other call fails', async () => {
    const [first, second] = [await db.session(), await db.session()];
    const body = json([{ tenant_id: 'acme', workflow: 'w', idempotency_key: 'k' }]);
    await first.begin();
    await first.call('start_runs', [body]);
    const pending = second.start(() => second.call<Started>('start_runs', [body]));
    await second.waitUntilBlocked();
    await first.rollback();
    expect((await pending)[0]).toMatchObject({ outcome: 'created' });
  });

  it('does not deadlock two calls with the same keys in opposite order', async () => {
    const sessions = await Promise.all(Array.from({ length: 6 }, () => db.session()));
    const keys = Array.from({ length: 100 }, (_, i) => `k${i}`);
    const calls = sessions.map((session, i) => {
      const ordered = i % 2 === 0 ? keys : keys.toReversed();
      return session.call<Started>('start_runs', [json(ordered.map((idempotency_key) => ({ tenant_id: 'acme', workflow: 'w', idempotency_key })))]);
    });
    const answers = (await Promise.all(calls)).flat();
    expect(answers.filter(({ outcome }) => outcome === 'created')).toHaveLength(100);
    expect(await stored()).toBe(100);
  });
});

describe('start_runs with an id of the caller', () => {
  it('uses it', async () => {
    await db.make.define('w', 'a');
    const runId = randomUUID();
    expect(await startOne({ run_id: runId })).toMatchObject({ outcome: 'created', run_id: runId });
  });

  it('that is taken starts nothing and does not say created', async () => {
    await db.make.define('w', 'a');
    const runId = randomUUID();
    await startOne({ run_id: runId });
    const again = await startOne({ run_id: runId, input: { other: true } });
    expect(again.outcome).not.toBe('created');
    expect(again.outcome).not.toBe('not_home');
    expect(await db.make.run(runId)).toMatchObject({ input: null });
    expect(await stored()).toBe(1);
  });

  it('twice in one call starts one run and says created once', async () => {
    await db.make.define('w', 'a');
    const runId = randomUUID();
    const answers = await db.make.startAll([1, 2].map((input) => ({ tenant_id: 'acme', workflow: 'w', run_id: runId, input })));
    expect(answers.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(await db.make.tasks(runId)).toHaveLength(1);
  });

  it('that is older than the horizon is still rebuilt after a crash', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    await db.clock.advance(3_600_000);
    await db.call('cancel_runs', [(await db.sql<{ run_id: string }>('select run_id from workflow.workflow_runs')).map(({ run_id }) => run_id)]);
    await db.call('advance_horizon', [await db.make.leaderToken(), 100]);
    const oldId = `01900000-0000-7000-8000-${randomUUID().slice(-12)}`;
    const [answer] = await db.make.startAll([{ tenant_id: 'acme', workflow: 'w', run_id: oldId }]);
    if (answer!.outcome !== 'created') return; // refusing such an id is as good
    const [{ horizon }] = (await db.sql<{ horizon: string }>('select oldest_open_run_id as horizon from workflow.run_horizon')) as [{ horizon: string }];
    expect(horizon <= oldId).toBe(true);
  });
});

describe('start_runs refuses by name, and stores nothing:', () => {
  const wrong: [what: string, code: string, field: string, request: Partial<StartRequest>][] = [
    ['an empty tenant', 'bad_tenant_id', 'tenant_id', { tenant_id: '' }],
    ['a tenant of 129 characters', 'bad_tenant_id', 'tenant_id', { tenant_id: 't'.repeat(129) }],
    ['a workflow that does not exist', 'unknown_workflow', 'workflow', { workflow: 'nothing' }],
    ['a version that does not exist', 'unknown_version', 'version', { version: 9 }],
    ['an empty key', 'bad_idempotency_key', 'idempotency_key', { idempotency_key: '' }],
    ['a key of 256 characters', 'bad_idempotency_key', 'idempotency_key', { idempotency_key: 'k'.repeat(256) }],
    ['a priority that does not exist', 'invalid_request', 'priority', { priority: 'urgent' as 'high' }],
    ['a durability that does not exist', 'invalid_request', 'durability', { durability: 'eternal' as 'local' }],
    ['a quorum where there is no other region', 'quorum_impossible', 'durability', { durability: 'quorum' }],
    ['a deadline that has passed', 'bad_time', 'deadline', { deadline: '2001-01-01T00:00:00Z' }],
    ['a deadline before the start', 'bad_time', 'deadline', { run_at: '2999-01-02T00:00:00Z', deadline: '2999-01-01T00:00:00Z' }],
    ['33 labels', 'bad_labels', 'labels', { labels: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`l${i}`, 'x'])) }],
    ['a label that is a number', 'bad_labels', 'labels', { labels: { a: 1 as unknown as string } }],
    ['a label of 256 characters', 'bad_labels', 'labels', { labels: { a: 'x'.repeat(256) } }],
    ['labels that are an array', 'bad_labels', 'labels', { labels: ['a'] as unknown as Record<string, string> }],
  ];

  it.each(wrong)('%s (%s)', async (_, code, field, request) => {
    await db.make.define('w', 'a');
    expect(await startOne(request)).toMatchObject({ outcome: 'refused', code, field, message: expect.any(String) });
    expect(await stored()).toBe(0);
    expect(await db.make.messages()).toEqual([]);
  });

  it.each([
    ['an object', { a: 1 }],
    ['a string', 'text'],
    ['null', null],
    ['nothing', undefined],
  ])('%s as the input of a root map, naming workflow and type', async (_, input) => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const answer = await startOne({ input });
    expect(answer).toMatchObject({ outcome: 'refused', code: 'type_violation', field: 'input' });
    expect(answer.message).toContain('w');
    expect(answer.message).toContain(input === null || input === undefined ? 'null' : typeof input);
    expect(await stored()).toBe(0);
  });

  it('a root map of one element more than the bound; the bound itself passes', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const answers = await db.make.startAll([10_000, 10_001].map((size) => ({ tenant_id: 'acme', workflow: 'w', input: Array(size).fill(0) })));
    expect(answers.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['created', null],
      ['refused', 'map_too_large'],
    ]);
  });

  it('a batch of 1,001', async () => {
    await db.make.define('w', 'a');
    await expect(db.make.startAll(Array(1_001).fill({ tenant_id: 'acme', workflow: 'w' }))).rejects.toMatchObject({ code: 'WF002' });
    expect(await stored()).toBe(0);
  });

  it('a batch that is no array', async () => {
    await expect(db.call('start_runs', [json({ tenant_id: 'acme' })])).rejects.toMatchObject({ code: 'WF001' });
  });

  it('what is over a bound only, not what is at it', async () => {
    await db.make.define('w', 'a');
    const labels = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`l${i}`, 'x'.repeat(255)]));
    expect(await startOne({ tenant_id: 't'.repeat(128), idempotency_key: 'k'.repeat(255), labels })).toMatchObject({ outcome: 'created' });
  });
});
