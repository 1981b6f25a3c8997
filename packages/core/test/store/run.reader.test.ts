import { useTestDatabase } from '@singularity-workflow/testkit';
import { Database, type RunFilter, RunReader } from '../../src/store/index.js';

const server = useTestDatabase();

describe('the reader of runs', () => {
  let db: Database;
  let reader: RunReader;

  beforeAll(() => {
    db = new Database({ url: server.url('workflow_router'), poolSize: 2 });
    reader = new RunReader(db);
  });

  afterAll(() => db.close());

  /** Runs of two workflows and two tenants, oldest first. */
  async function startSome(): Promise<string[]> {
    await server.make.define('orders', 'charge');
    await server.make.define('bills', 'send');
    const requests = Array.from({ length: 12 }, (_, n) => ({
      tenant_id: n % 2 === 0 ? 'acme' : 'umbrella',
      workflow: n % 3 === 0 ? 'bills' : 'orders',
      input: { n },
      labels: { parity: n % 2 === 0 ? 'even' : 'odd', ...(n === 7 ? { special: 'yes' } : {}) },
    }));
    const ids: string[] = [];
    for (const request of requests) ids.push((await server.make.startAll([request]))[0]!.run_id);
    return ids;
  }

  async function pagesOf(filter: RunFilter, limit: number, scanMax?: number): Promise<string[][]> {
    const pages: string[][] = [];
    let before: string | undefined;
    for (let page = 0; page < 50; page += 1) {
      const { runs, nextBefore } = await reader.list({ filter, before, limit, scanMax });
      pages.push(runs.map(({ runId }) => runId));
      if (nextBefore === null) return pages;
      before = nextBefore;
    }
    throw new Error('the pages did not end');
  }

  it('lists newest first, page by page, each run once, whatever the filter', async () => {
    const ids = await startSome();
    const newestFirst = ids.toReversed();
    const of = (keep: (n: number) => boolean): string[] => newestFirst.filter((id) => keep(ids.indexOf(id)));
    const cases: [RunFilter, string[]][] = [
      [{}, newestFirst],
      [{ tenantId: 'acme' }, of((n) => n % 2 === 0)],
      [{ workflow: 'bills' }, of((n) => n % 3 === 0)],
      [{ tenantId: 'acme', workflow: 'orders' }, of((n) => n % 2 === 0 && n % 3 !== 0)],
      [{ statuses: ['started'] }, newestFirst],
      [{ tenantId: 'umbrella', statuses: ['failed'] }, []],
      [{ labels: { parity: 'odd' } }, of((n) => n % 2 === 1)],
      [{ labels: { parity: 'odd', special: 'yes' } }, of((n) => n === 7)],
      [{ tenantId: 'acme', labels: { parity: 'odd' } }, []],
      [{ tenantId: 'nobody' }, []],
    ];
    for (const [filter, expected] of cases) {
      for (const limit of [1, 5, 200]) {
        expect((await pagesOf(filter, limit)).flat()).toEqual(expected);
        expect((await pagesOf(filter, limit, 3)).flat()).toEqual(expected);
      }
      expect(await reader.count({ filter })).toEqual({ count: expected.length, complete: true });
    }
  });

  it('looks at no more rows than it may, and says where to go on', async () => {
    const ids = await startSome();
    const seen = await reader.list({ filter: { workflow: 'bills' }, limit: 10, scanMax: 2 });
    expect(seen).toEqual({ runs: [], nextBefore: ids[10] });
    expect(await reader.count({ filter: { workflow: 'bills' }, scanMax: 5 })).toEqual({ count: 1, complete: false });
    expect(await reader.select({ filter: { tenantId: 'acme' }, limit: 2 })).toEqual({ runIds: [ids[10], ids[8]], nextBefore: ids[8] });
  });

  it('filters by the time of creation', async () => {
    const ids = await startSome();
    const { createdAt } = (await reader.get(ids[5]!))!;
    const later = new Date(createdAt.getTime() + 1); // the database counts microseconds
    const newer = (await pagesOf({ createdFrom: later }, 100)).flat();
    const older = (await pagesOf({ createdTo: later }, 100)).flat();
    expect([...newer, ...older]).toEqual(ids.toReversed());
    expect(older).toContain(ids[5]);
  });

  it('tells everything about one run, with the time of the reading', async () => {
    await server.make.define('orders', 'charge', 'ship');
    const runId = await server.make.start('orders', { n: 1 }, { priority: 'high', labels: { a: 'b' }, idempotency_key: 'k' });
    const worker = await server.make.worker();
    const tasks = await worker.claim();
    await worker.complete(
      tasks.find(({ step_slug }) => step_slug === 'charge')!,
      1,
    );
    const run = await reader.get(runId);
    expect(run).toMatchObject({
      runId,
      tenantId: 'acme',
      workflow: 'orders',
      version: 1,
      status: 'started',
      priority: 'high',
      durability: 'local',
      stepsDone: 1,
      stepsTotal: 2,
      idempotencyKey: 'k',
      labels: { a: 'b' },
      input: { n: 1 },
      output: null,
      error: null,
      finishedAt: null,
      homeEpoch: 1,
    });
    expect(run!.asOf.getTime()).toBeGreaterThanOrEqual(run!.createdAt.getTime());
    expect(await reader.get(crypto.randomUUID())).toBeNull();
  });

  it('counts as done what completed or was skipped, also in a run that has failed', async () => {
    await server.make.define({
      slug: 'w',
      steps: [
        { slug: 'good' },
        { slug: 'skipped', max_attempts: 1, when_exhausted: 'skip' },
        { slug: 'bad', max_attempts: 1 },
        { slug: 'after', depends_on: ['good', 'bad'] },
      ],
    });
    const runId = await server.make.start('w');
    const worker = await server.make.worker();
    const tasks = await worker.claim();
    const task = (slug: string) => tasks.find(({ step_slug }) => step_slug === slug)!;
    const done = async (): Promise<unknown> => {
      const { status, stepsDone, stepsTotal } = (await reader.get(runId))!;
      return { status, stepsDone, stepsTotal };
    };
    expect(await done()).toEqual({ status: 'started', stepsDone: 0, stepsTotal: 4 });
    await worker.complete(task('good'), 1);
    await worker.fail(task('skipped'));
    expect(await done()).toEqual({ status: 'started', stepsDone: 2, stepsTotal: 4 });
    await worker.fail(task('bad'));
    expect(await done()).toEqual({ status: 'failed', stepsDone: 2, stepsTotal: 4 });
  });

  it('tells which of some runs have ended or are gone', async () => {
    await server.make.define('orders', 'charge');
    const [open, cancelled, gone] = [await server.make.start('orders'), await server.make.start('orders'), crypto.randomUUID()];
    await server.call('cancel_runs', [[cancelled]]);
    const finished = await reader.finished([open, cancelled, gone]);
    expect(new Map(finished.map(({ runId, status }) => [runId, status]))).toEqual(
      new Map<string, string | null>([
        [cancelled, 'cancelled'],
        [gone, null],
      ]),
    );
  });

  it('shows steps in the order of the definition and tasks page by page with their failed attempts', async () => {
    await server.make.define({
      slug: 'fan',
      steps: [
        { slug: 'each', kind: 'map', max_attempts: 2, base_delay_ms: 0 },
        { slug: 'all', depends_on: ['each'] },
      ],
    });
    const runId = await server.make.start('fan', [1, 2, 3]);
    const worker = await server.make.worker();
    const tasks = await worker.claim();
    await worker.fail(
      tasks.find(({ task_index }) => task_index === 1)!,
      { code: 'boom', message: 'it broke' },
    );
    const first = await reader.steps({ runId, taskLimit: 2 });
    expect(
      first!.steps.map(({ stepSlug, kind, status, dependsOn, initialTasks }) => [stepSlug, kind, status, dependsOn, initialTasks]),
    ).toEqual([
      ['each', 'map', 'started', [], 3],
      ['all', 'single', 'created', ['each'], null],
    ]);
    expect(first!.tasks.map(({ taskIndex, attempts }) => [taskIndex, attempts.length])).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(first!.tasks[1]!.attempts[0]).toMatchObject({ attempt: 1, workerId: worker.id, reported: true, failedAt: expect.any(Date) });
    expect(first!.tasks[1]!.attempts[0]!.error).toMatchObject({ code: 'boom', message: 'it broke' });
    const rest = await reader.steps({ runId, after: first!.next!, taskLimit: 2 });
    expect([rest!.tasks.map(({ taskIndex }) => taskIndex), rest!.next]).toEqual([[2], null]);
    expect(await reader.steps({ runId: crypto.randomUUID(), taskLimit: 1 })).toBeNull();
    const later = await server.make.start('fan', [1], { run_at: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await reader.steps({ runId: later, taskLimit: 1 })).toEqual({ steps: [], tasks: [], next: null });
  });

  it('gives the events of several runs in order, from any of them on, to the microsecond', async () => {
    await server.make.define('orders', 'charge');
    const [one, other] = [await server.make.start('orders'), await server.make.start('orders')];
    const worker = await server.make.worker();
    for (const task of await worker.claim()) await worker.complete(task, 1);
    const all = await reader.events({ reads: [{ runId: one, from: null }, { runId: other, from: null }], limit: 100 }); // prettier-ignore
    expect(all.map((events) => new Set(events.map(({ runId }) => runId)))).toEqual([new Set([one]), new Set([other])]);
    expect(all[0]!.map(({ type }) => type)).toEqual([
      'run_created',
      'run_started',
      'step_started',
      'task_started',
      'task_completed',
      'step_completed',
      'run_completed',
    ]);
    for (const [n, event] of all[0]!.entries()) {
      const [rest] = await reader.events({ reads: [{ runId: one, from: event }], limit: 100 });
      expect(rest).toEqual(all[0]!.slice(n + 1));
      expect(await reader.eventAt({ runId: one, eventId: event.eventId })).toBe(event.at);
    }
    expect((await reader.events({ reads: [{ runId: other, from: null }], limit: 2 }))[0]).toEqual(all[1]!.slice(0, 2));
    expect(await reader.eventAt({ runId: one, eventId: 'none' })).toBeNull();
  });
});
