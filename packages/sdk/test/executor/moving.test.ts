// A tenant that is moved to another region while a handler runs for it.
import { MOVES_WAKE, Wakeups } from '@singularity-workflow/core';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { workflow } from '../../src/index.js';
import { gate, useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished } = useExecutors(db);

beforeAll(async () => {
  const first = await db.session(); // all other connections are made later, and have it
  await first.sql(`alter database ${db.name} set transaction_timeout = '300s'`);
});

/** One region of a mesh, which has the lease and every group. */
async function inMesh(): Promise<void> {
  await db.sql(`
    insert into workflow.mesh (mesh_id, region, has_zones, last_epoch, member_epoch, founded_at) values (gen_random_uuid(), 'here', false, 1, 1, now());
    insert into workflow.region_members (member_id, region, zone, state, member_epoch) values (workflow.own_member(), 'here', 'global', 'full', 1);
    insert into workflow.placement (placement_group, region, member_id, tenure)
      select 'global/' || g, 'here', workflow.own_member(), 1 from generate_series(0, 255) g;
    insert into workflow.placement_history (placement_group, tenure, region, member_id)
      select p.placement_group, p.tenure, p.region, p.member_id from workflow.placement p;
    update workflow.region_lease set lease_ms = 600000, expires_at = now() + interval '10 minutes', server_started_at = pg_postmaster_start_time()`);
}

/** The time to finish of what the run's group has under way is over. */
const drained = (runId: string) =>
  db.sql(
    `insert into workflow.group_moves (placement_group, target, mark, tenure, marked_at, drain_until)
     select r.placement_group, 'there', 'draining', 1, now(), now() from workflow.workflow_runs r where r.run_id = $1`,
    [runId],
  );

it('has its signal aborted and its task given back when the time to finish is over; the next attempt runs after the move was given up', async () => {
  const begun: { attempt: number; signal: AbortSignal }[] = [];
  const release = gate();
  const ex = await executor([
    workflow('w').step('a', async (_, { attempt, signal }) => {
      begun.push({ attempt, signal });
      if (attempt === 1) await release.promise;
      return attempt;
    }),
  ]);
  await inMesh(); // after the workflow: in a mesh the log decides of its version
  const runId = await db.make.start('w');
  await waitFor(() => begun.length === 1, { until: 'the handler runs' });
  await drained(runId);
  await waitFor(() => begun[0]!.signal.aborted, { until: 'its signal aborts' });
  expect(begun[0]!.signal.reason).toMatchObject({ reason: 'moving' });
  await waitFor(async () => (await db.make.tasks(runId))[0]!.status === 'queued', { until: 'the task is given back' });
  expect([begun.length, ex.stats.outcomes.released]).toEqual([1, 1]);
  await db.sql('delete from workflow.group_moves');
  expect((await finished(runId)).output).toEqual({ a: 2 });
  release.open();
});

it('a wake-up lets a worker hear of it at once, however seldom it beats', async () => {
  const begun: AbortSignal[] = [];
  await executor(
    [
      workflow('w').step('a', async (_, { attempt, signal }) => {
        begun.push(signal);
        if (attempt === 1) await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
        return attempt;
      }),
    ],
    { heartbeatIntervalMs: 600_000, heartbeatTimeoutMs: 1_300_000, visibilityTimeoutMs: 1_300_000 },
  );
  await inMesh(); // after the workflow: in a mesh the log decides of its version
  const runId = await db.make.start('w');
  await waitFor(() => begun.length === 1, { until: 'the handler runs' });
  await drained(runId);
  const wakeups = new Wakeups({ url: db.url() });
  try {
    await waitFor(
      () => {
        wakeups.notify([MOVES_WAKE]); // again and again: one may be lost
        return begun[0]!.aborted;
      },
      { until: 'its signal aborts' },
    );
  } finally {
    await wakeups.close();
  }
  await db.sql('delete from workflow.group_moves');
  expect((await finished(runId)).output).toEqual({ a: 2 });
});
