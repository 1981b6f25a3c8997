import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('set_limit', () => {
  it('changes a bound for whoever calls next', async () => {
    await db.call('set_limit', ['steps_max', 2]);
    await expect(db.make.define('w', 'a', 'b', 'c')).rejects.toMatchObject({ code: 'WF108' });
    await expect(db.make.define('w', 'a', 'b')).resolves.toMatchObject({ version: 1 });
  });

  it('refuses a bound that does not exist', async () => {
    await expect(db.call('set_limit', ['nothing_max', 2])).rejects.toMatchObject({ code: 'WF003' });
  });

  it.each([0, -1, null])('refuses the value %p', async (value) => {
    await expect(db.call('set_limit', ['steps_max', value])).rejects.toMatchObject({ code: 'WF001' });
  });

  it.each(['workflow_router', 'workflow_scheduler', 'workflow_executor', 'workflow_monitor'] as const)('is not for %s', async (role) => {
    await expect(db.as(role).call('set_limit', ['steps_max', 2])).rejects.toMatchObject({ code: '42501' });
  });
});
