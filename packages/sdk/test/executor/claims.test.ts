// The rows in which the database keeps what a worker was given: they go when nothing of them is held any more.
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { workflow } from '../../src/index.js';
import { gate, useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished } = useExecutors(db);

describe('the rows of claims', () => {
  const claims = async (): Promise<number> => (await db.sql('select 1 from workflow.claims')).length;

  it('are gone soon after the last verdict, also those of what was handed over', async () => {
    const chain = workflow('w')
      .step('a', () => 'a')
      .step('b', { dependsOn: ['a'] }, ({ a }) => `${String(a)}b`)
      .step('c', { dependsOn: ['b'] }, ({ b }) => `${String(b)}c`);
    await executor([chain]);
    const runs = await Promise.all(Array.from({ length: 20 }, () => db.make.start('w')));
    for (const run of runs) expect((await finished(run)).status).toBe('completed');
    await waitFor(async () => (await claims()) === 0, { until: 'nobody claims to hold anything' });
  });

  it('stay while one of their attempts has no verdict', async () => {
    const release = gate();
    const w = workflow<number[]>('w').map('n', (n) => (n === 0 ? release.promise : n));
    const ex = await executor([w], { concurrency: 10 });
    const runId = await db.make.start('w', [0, 1, 2]);
    await waitFor(() => ex.stats.outcomes.completed === 2, { until: 'two have their verdict' });
    const [{ heartbeats }] = (await db.sql('select last_heartbeat_at as heartbeats from workflow.workflow_workers')) as [
      { heartbeats: Date },
    ];
    await waitFor(
      async () => (await db.sql('select 1 from workflow.workflow_workers where last_heartbeat_at > $1', [heartbeats])).length === 1,
      { until: 'another heartbeat was answered' },
    );
    expect(await claims()).toBe(1);
    release.open();
    expect((await finished(runId)).status).toBe('completed');
    await waitFor(async () => (await claims()) === 0, { until: 'the claim is gone' });
  });
});
