// The functions of one pgmq queue. What a claim and a submission see of them stands in the tests of those.
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

const functionsOf = (queue: string) =>
  db.sql<{ name: string; owner: string; acl: string; body: string }>(
    `select p.proname as name, p.proowner::regrole::text as owner, p.proacl::text as acl, p.prosrc as body
       from pg_proc p where p.pronamespace = 'pgmq'::regnamespace and p.proname like $1 order by 1`,
    [`q\\_${queue}\\_%`],
  );

describe('compile_queue', () => {
  it('makes functions that read all priorities of a new queue and one for each that writes it, and nobody but the owner may call them', async () => {
    await db.sql(`select workflow.ensure_queue('parcels')`);
    const made = await functionsOf('parcels');
    expect(made.map(({ name }) => name)).toEqual([
      ...[0, 1, 2].map((priority) => `q_parcels_p${priority}_send`),
      'q_parcels_take',
      'q_parcels_waits',
    ]);
    for (const { owner, acl } of made)
      expect({ owner, acl }).toEqual({ owner: 'workflow_owner', acl: '{workflow_owner=X/workflow_owner}' });
  });

  it('makes them anew, as a new release does with queues that exist', async () => {
    const before = await functionsOf('default');
    await db.sql(`drop function pgmq.q_default_take(int, int, timestamptz, int)`);
    await db.sql(`select workflow.compile_queue('default')`);
    expect(await functionsOf('default')).toEqual(before);
  });

  it('keeps messages of queues with the same beginning apart', async () => {
    await db.make.define({ slug: 'w', steps: ['ab', 'ab_p1'].map((queue) => ({ slug: queue, queue })) });
    await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.claim({ queues: ['ab'] })).toMatchObject([{ step_slug: 'ab' }]);
    expect(await worker.claim({ queues: ['ab_p1'] })).toMatchObject([{ step_slug: 'ab_p1' }]);
  });
});
