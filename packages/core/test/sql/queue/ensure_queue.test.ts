// ensure_queue and its neighbours are called by SQL only: what they promise is looked at from outside.
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('ensure_queue', () => {
  it('may be called again', async () => {
    await db.sql(`select workflow.ensure_queue('twice_made')`);
    await expect(db.sql(`select workflow.ensure_queue('twice_made')`)).resolves.toBeDefined();
  });

  it.each([null, '', 'A', 'a-b', '1a', 'a'.repeat(42)])('refuses the name %p', async (name) => {
    await expect(db.sql('select workflow.ensure_queue($1)', [name])).rejects.toMatchObject({ code: 'WF110' });
  });

  it('accepts a name of the full 41 characters', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', queue: 'q'.repeat(41) }] });
    await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.claim({ queues: ['q'.repeat(41)] })).toHaveLength(1);
  });

  it('keeps two long names that differ at their end apart', async () => {
    const names = ['x', 'y'].map((end) => `${'q'.repeat(40)}${end}`);
    await db.make.define({ slug: 'w', steps: names.map((queue, i) => ({ slug: `s${i}`, queue })) });
    await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.claim({ queues: [names[0]!] })).toMatchObject([{ step_slug: 's0' }]);
  });
});
