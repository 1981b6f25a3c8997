import { randomUUID } from 'node:crypto';
import { json, useTestDatabase, type StartRequest, type Started } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const stored = async () => (await db.sql<{ runs: number }>('select count(*) as runs from workflow.workflow_runs'))[0]!.runs;
const startOne = async (request: Partial<StartRequest>): Promise<Started> =>
  (await db.make.startAll([{ tenant_id: 'acme', workflow: 'w', ...request }]))[0]!;

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

  it.each([
    ['and though the plan was made when there were none', async () => undefined],
    [
      'and though the statistics are of a table that had been emptied',
      async () => {
        await db.make.start('w');
        await db.sql('delete from workflow.workflow_runs');
        await db.sql('analyze workflow.workflow_runs');
      },
    ],
  ])('reads few runs to find a key, however many the tenant has, %s', async (_, before) => {
    await before();
    const session = await db.session();
    const batch = (from: number, count: number) =>
      json(Array.from({ length: count }, (_unused, k) => ({ tenant_id: 'acme', workflow: 'w', idempotency_key: `k${from + k}` })));
    const read = async (body: string): Promise<number> => {
      const fetched = `select sum(pg_stat_get_xact_tuples_fetched(indexrelid))::int as count from pg_index
                        where indrelid = 'workflow.workflow_runs'::regclass`;
      await session.sql('begin');
      const [first] = await session.sql<{ count: number }>(fetched);
      await session.call('start_runs', [body]);
      const [then] = await session.sql<{ count: number }>(fetched);
      await session.sql('commit');
      return then!.count - first!.count;
    };
    await read(batch(0, 1));
    await db.make.startAll(
      Array.from({ length: 1_000 }, (_unused, k) => ({ tenant_id: 'acme', workflow: 'w', idempotency_key: `other${k}` })),
    );
    expect(await read(batch(1, 100))).toBeLessThan(1_000);
    expect(await read(batch(1, 100))).toBeLessThan(1_000);
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
      return session.call<Started>('start_runs', [
        json(ordered.map((idempotency_key) => ({ tenant_id: 'acme', workflow: 'w', idempotency_key }))),
      ]);
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
    await db.call('cancel_runs', [
      (await db.sql<{ run_id: string }>('select run_id from workflow.workflow_runs')).map(({ run_id }) => run_id),
    ]);
    await db.call('advance_horizon', [await db.make.leaderToken(), 100]);
    const oldId = `01900000-0000-7000-8000-${randomUUID().slice(-12)}`;
    const [answer] = await db.make.startAll([{ tenant_id: 'acme', workflow: 'w', run_id: oldId }]);
    if (answer!.outcome !== 'created') return; // refusing such an id is as good
    const [{ horizon }] = (await db.sql<{ horizon: string }>('select oldest_open_run_id as horizon from workflow.run_horizon')) as [
      { horizon: string },
    ];
    expect(horizon <= oldId).toBe(true);
  });
});
