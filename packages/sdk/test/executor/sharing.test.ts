// Several executors, several versions, several queues.
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { createExecutor, workflow } from '../../src/index.js';
import { gate, useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished, eventsOf } = useExecutors(db);

it('shares a queue: every task of 2,000 runs once, on one of the two', async () => {
  const calls = new Map<string, string[]>();
  const make = (name: string) =>
    workflow<number[]>('many').map('n', async (n, ctx) => {
      calls.set(ctx.idempotencyKey, [...(calls.get(ctx.idempotencyKey) ?? []), name]);
      return n * 2;
    });
  await executor([make('one')], { concurrency: 20 });
  await executor([make('two')], { concurrency: 20 });
  const numbers = Array.from({ length: 2_000 }, (_, n) => n);
  const run = await finished(await db.make.start('many', numbers));

  expect(run.output).toEqual({ n: numbers.map((n) => n * 2) });
  expect(calls.size).toBe(2_000);
  expect([...calls.values()].every((names) => names.length === 1)).toBe(true);
  expect(new Set([...calls.values()].flat())).toEqual(new Set(['one', 'two']));
});

it('gives back what it has no handler for, and another executor runs it', async () => {
  await db.make.define('other', 'x');
  const first = await executor([workflow('mine').step('a', () => 1)]);
  const runId = await db.make.start('other');
  await waitFor(() => first.stats.outcomes.released > 0, { until: 'the task was given back' });
  expect(eventsOf('handler_missing')[0]).toMatchObject({ workflow: 'other', stepSlug: 'x', tasks: 1 });
  expect(await db.make.task(runId, 'x')).toMatchObject({ status: 'queued', failures: 0 });

  await first.stop(); // or it may be the first to claim it again, and again
  await db.clock.advance(120_000); // the wait after such a release
  await executor([workflow('other').step('x', () => 'done')]);
  expect(await finished(runId)).toMatchObject({ status: 'completed', output: { x: 'done' } });
});

it('runs an open run of an older version with the handlers of today, where the steps still have their names', async () => {
  const v1 = workflow('w')
    .step('a', () => 'old')
    .step('gone', { dependsOn: ['a'] }, () => 'old');
  await db.make.define(v1.definition);
  const runId = await db.make.start('w');
  const v2 = workflow('w', { maxAttempts: 7 })
    .step('a', () => 'new')
    .step('renamed', { dependsOn: ['a'] }, () => 'new');
  const first = await executor([v2]);

  await waitFor(() => first.stats.outcomes.released > 0, { until: 'the step that was renamed was given back' });
  expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'completed', output: 'new' });
  expect(await db.make.task(runId, 'gone')).toMatchObject({ status: 'queued' });

  // An executor that has both runs each by its own version.
  await first.stop();
  await db.clock.advance(120_000);
  await executor([v1, v2]);
  expect(await finished(runId)).toMatchObject({ status: 'completed', output: { gone: 'old' } });
  expect(await finished(await db.make.start('w'))).toMatchObject({ output: { renamed: 'new' } });
});

it('claims from the queues that its workflows name, or from those that it is given', async () => {
  const mail = workflow('mailing', { queue: 'mail' })
    .step('a', () => 1)
    .step('b', { queue: 'slow' }, () => 2);
  const only = await executor([mail], { queues: ['mail'] });
  const runId = await db.make.start('mailing');
  await waitFor(() => only.stats.outcomes.completed === 1, { until: 'the task in mail has run' });
  expect(await db.make.task(runId, 'b')).toMatchObject({ status: 'queued' });

  await executor([mail]);
  expect((await finished(runId)).status).toBe('completed');
});

it('runs as many handlers at once as it has slots, and no more', async () => {
  const release = gate();
  let now = 0;
  let most = 0;
  const wide = workflow<number[]>('wide').map('n', async () => {
    now += 1;
    most = Math.max(most, now);
    await release.promise;
    now -= 1;
  });
  const ex = await executor([wide], { concurrency: 7, batchSize: 3 });
  const runId = await db.make.start(
    'wide',
    Array.from({ length: 30 }, () => 0),
  );
  await waitFor(() => now === 7, { until: 'all slots are taken' });
  expect(ex.stats.busy).toBe(7);
  release.open();
  expect((await finished(runId)).status).toBe('completed');
  expect(most).toBe(7);
});

it('tells who it is and what it runs', async () => {
  const ex = await executor(
    [
      workflow('w')
        .step('a', () => 1)
        .step('b', () => 1),
    ],
    { region: 'eu', version: '1.2.3', address: 'http://x', concurrency: 9 },
  );
  const [row] = await db.sql('select * from workflow.workflow_workers');
  expect(row).toMatchObject({
    worker_id: ex.stats.workerId,
    app: 'executor',
    region: 'eu',
    version: '1.2.3',
    address: 'http://x',
    capacity: 9,
    queues: ['default'],
    runnable_steps: [
      ['w', 'a'],
      ['w', 'b'],
    ],
    pid: process.pid,
  });
});

it('does not start with a definition that the database refuses, or with settings that make no sense', async () => {
  const wf = workflow('w').step('a', () => 1);
  const bad = { slug: 'w', definition: { slug: 'w', steps: [{ slug: 'a', depends_on: ['a'] }] }, handlers: new Map() };
  await expect(executor([bad])).rejects.toMatchObject({ code: 'no_root_step' });
  expect(() => createExecutor({ workflows: [], concurrency: 0, batchSize: 1.5, workerId: 'me' })).toThrow(
    /concurrency must be .*; batchSize must be .*; either databaseUrl or database is needed; workflows is empty; queues is empty.*; workerId must be a uuid/,
  );
  expect(() => createExecutor({ workflows: [wf], databaseUrl: 'postgres://x', heartbeatIntervalMs: 4_000 })).toThrow(/twice/);
});
