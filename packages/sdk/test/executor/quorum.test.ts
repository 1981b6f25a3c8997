// Verdicts on runs with durability quorum wait for other regions (R11). The database believes that it is one of three regions, of which the others confirm
// nothing; `confirm` leaves it alone with its vote, and what is committed here is then all that there is.
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { workflow } from '../../src/index.js';
import { useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished, eventsOf } = useExecutors(db);
const LEASE_MS = 600_000;

beforeAll(async () => {
  const session = await db.session('admin');
  await session.sql(`alter database ${db.name} set transaction_timeout = '300s'`);
  await session.close();
});

beforeEach(async () => {
  await db.sql(
    `insert into workflow.mesh (mesh_id, region, has_zones, last_epoch, member_epoch, founded_at) values (gen_random_uuid(), 'here', false, 1, 1, now())`,
  );
  await db.sql(
    `insert into workflow.region_members (member_id, region, zone, state, member_epoch)
     select case r when 'here' then workflow.own_member() else gen_random_uuid() end, r, 'global', 'full', 1 from unnest(array['here', 'b', 'c']) r`,
  );
  await db.sql(
    `with placed as (
       insert into workflow.placement (placement_group, region, member_id, tenure)
       select 'global/' || g, 'here', workflow.own_member(), 1 from generate_series(0, 255) g returning placement_group, tenure, region, member_id)
     insert into workflow.placement_history (placement_group, tenure, region, member_id) select * from placed`,
  );
  await db.sql(
    `update workflow.region_lease set lease_ms = $1, epoch = 1, server_started_at = pg_postmaster_start_time(), expires_at = now() + interval '10 minutes'`,
    [LEASE_MS],
  );
});

const setVotes = (state: 'full' | 'gone') => db.sql(`update workflow.region_members set state = $1 where region <> 'here'`, [state]);
/** What the scheduler does. */
const release = async () => db.call('release_held_messages', [await db.make.leaderToken(), 100]);
const letGo = async (runId: string) => {
  await setVotes('gone');
  await release();
  await setVotes('full');
  expect(await db.make.messages('default', runId)).toHaveLength(1);
};
const startQuorum = (slug: string) => db.make.start(slug, {}, { tenant_id: 't', durability: 'quorum' });
const stored = (runId: string) =>
  waitFor(async () => (await db.make.tasks(runId))[0]!.status === 'completed', { until: `the first task of ${runId} is stored` });
const define = (slug: string, ...steps: string[]) =>
  db.make.define({ slug, steps: steps.map((step, index) => ({ slug: step, ...(index > 0 && { depends_on: [steps[index - 1]!] }) })) });

it('has no verdict while nobody confirms, however often it asks, and is not run again; then it counts once', async () => {
  let calls = 0;
  await define('w', 'a', 'b');
  const runId = await startQuorum('w');
  await letGo(runId);
  const w = workflow('w')
    .step('a', () => (calls += 1))
    .step('b', { dependsOn: ['a'] }, () => 'last');
  const waits: boolean[] = [];
  const ex = await executor([w], { quorumTimeoutMs: 150, metrics: { quorumWaited: (_, confirmed) => waits.push(confirmed) } });
  await stored(runId);
  await waitFor(() => waits.length >= 2, { until: 'the report was repeated' });
  expect(ex.stats).toMatchObject({ unreported: 1, outcomes: { completed: 0 }, healthy: true });
  expect(await db.sql('select step_slug from workflow.held_messages')).toEqual([{ step_slug: 'b' }]);
  await setVotes('gone');
  await waitFor(() => ex.stats.outcomes.completed === 1, { until: 'the verdict counts' });
  await release();
  expect(await finished(runId)).toMatchObject({ status: 'completed', output: { b: 'last' } });
  await waitFor(() => ex.stats.outcomes.completed === 2 && ex.stats.unreported === 0, { until: 'all has its verdict' });
  expect(calls).toBe(1);
});

it('holds up no local run, not even where its steps keep all slots', async () => {
  await define('w', 'a', 'b');
  const quorum = await startQuorum('w');
  await letGo(quorum);
  const w = workflow('w')
    .step('a', () => 1)
    .step('b', { dependsOn: ['a'] }, () => 2);
  const ex = await executor([w], { concurrency: 1, quorumTimeoutMs: 60_000 });
  await stored(quorum);
  const local = await db.make.start('w', {}, { tenant_id: 't' });
  expect(await finished(local)).toMatchObject({ status: 'completed' });
  await waitFor(() => ex.stats.outcomes.completed === 2, { until: 'both steps of the local run have their verdicts' });
  expect(ex.stats.unreported).toBe(1);
});

it('a failure waits too, and its next attempt with it', async () => {
  await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }] });
  const runId = await startQuorum('w');
  await letGo(runId);
  const w = workflow('w').step('a', (_, { attempt }) => {
    if (attempt === 1) throw new Error('at first');
    return attempt;
  });
  const ex = await executor([w], { quorumTimeoutMs: 60_000 });
  const heldSteps = () => db.sql('select step_slug from workflow.held_messages');
  await waitFor(async () => (await heldSteps()).length === 1, { until: 'the next attempt is held' });
  await waitFor(() => ex.stats.unreported === 1 && ex.stats.busy === 0, { until: 'the failure waits' });
  expect([ex.stats.unreported, eventsOf('task_failed')]).toEqual([1, []]);
  expect(await heldSteps()).toEqual([{ step_slug: 'a' }]);
  await setVotes('gone');
  await waitFor(() => eventsOf('task_failed').length === 1, { until: 'the failure counts' });
  await release();
  expect(await finished(runId)).toMatchObject({ output: { a: 2 } });
});

it('of a run whose home is elsewhere by now is no acknowledgement: the attempt is dropped', async () => {
  await define('w', 'a');
  const runId = await startQuorum('w');
  await letGo(runId);
  const ex = await executor([workflow('w').step('a', () => 1)], { quorumTimeoutMs: 150 });
  await stored(runId);
  await db.sql(
    `update workflow.placement set region = 'b', tenure = 2, member_id = (select member_id from workflow.region_members where region = 'b')`,
  );
  await waitFor(() => ex.stats.outcomes.lost === 1, { until: 'the attempt is lost' });
  expect(eventsOf('report_refused')).toMatchObject([{ runId, verdict: 'not_home' }]);
  expect(ex.stats).toMatchObject({ unreported: 0, outcomes: { completed: 0 } });
});
