// In several regions a process may execute only as long as its region's lease lasts, as far as it was told.
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { workflow } from '../../src/index.js';
import { gate, useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished, eventsOf } = useExecutors(db);
const FOR_EVER = 2_147_483_647;

/** What the database says of its region's lease from now on. */
const leaseLeft = (ms: number | null) =>
  db.sql(`create or replace function workflow.lease_left_ms() returns int language sql volatile as 'select ${ms ?? 'null'}::int'`);

beforeEach(() => leaseLeft(FOR_EVER));

it('gives back what runs when the lease is gone, claims nothing without one, and goes on when it is back', async () => {
  const begun: { attempt: number; signal: AbortSignal }[] = [];
  const release = gate();
  const w = workflow('w').step('a', async (_, { attempt, signal }) => {
    begun.push({ attempt, signal });
    if (attempt === 1) await release.promise;
    return attempt;
  });
  const ex = await executor([w]);
  const runId = await db.make.start('w');
  await waitFor(() => begun.length === 1, { until: 'the handler runs' });
  await leaseLeft(null);
  await waitFor(() => begun[0]!.signal.aborted, { until: 'its signal aborts' });
  expect(begun[0]!.signal.reason).toMatchObject({ message: expect.stringContaining('lease lost') });
  await waitFor(async () => (await db.make.tasks(runId))[0]!.status === 'queued', { until: 'the task is given back' });
  expect([ex.stats.healthy, begun.length]).toEqual([false, 1]);
  expect(eventsOf('heartbeat_late')).toHaveLength(1);
  await leaseLeft(FOR_EVER);
  expect((await finished(runId)).output).toEqual({ a: 2 });
  release.open();
});

it('gives back unstarted what was claimed under a lease that has run out meanwhile, though another lease is there', async () => {
  const attempts: number[] = [];
  const ex = await executor([workflow('w').step('a', (_, { attempt }) => void attempts.push(attempt))]);
  await leaseLeft(400);
  const locked = await db.session();
  await locked.sql('begin');
  await locked.sql(`select * from workflow.start_runs('[{"tenant_id": "t", "workflow": "w"}]')`);
  await locked.sql('lock table pgmq.q_default_p1 in access exclusive mode');
  await waitFor(
    async () => (await db.sql(`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%start_tasks%'`)).length > 0,
    {
      until: 'a claim waits',
    },
  );
  const sinceMs = performance.now();
  await waitFor(() => performance.now() > sinceMs + 500, { until: 'the lease of that claim has run out' });
  await locked.sql('commit');
  await waitFor(() => attempts.length > 0, { until: 'the handler is called' });
  expect(attempts).toEqual([2]);
  expect(ex.stats.outcomes.released).toBe(1);
});
