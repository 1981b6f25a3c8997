import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('activate_definition', () => {
  it('makes a start by slug take the older version again', async () => {
    const first = await db.make.define('w', 'a');
    await db.make.define('w', 'a', 'b');
    expect(await db.call('activate_definition', ['w', 1])).toEqual([{ definition_id: first.definition_id, slug: 'w', version: 1 }]);
    expect(await db.make.run(await db.make.start('w'))).toMatchObject({ definition_id: first.definition_id });
  });

  it('is itself when repeated', async () => {
    await db.make.define('w', 'a');
    await db.call('activate_definition', ['w', 1]);
    await db.call('activate_definition', ['w', 1]);
    expect(await db.sql('select version from workflow.workflow_versions where active')).toEqual([{ version: 1 }]);
  });

  it('leaves open runs on the version that they were started with', async () => {
    await db.make.define('w', 'a');
    const second = await db.make.define('w', 'a', 'b');
    const runId = await db.make.start('w');
    await db.call('activate_definition', ['w', 1]);
    expect(await db.make.run(runId)).toMatchObject({ definition_id: second.definition_id, total_steps: 2 });
  });

  it('refuses a workflow that does not exist', async () => {
    await expect(db.call('activate_definition', ['nothing', 1])).rejects.toMatchObject({ code: 'WF201' });
  });

  it('refuses a version that does not exist, and keeps the active one', async () => {
    await db.make.define('w', 'a');
    await expect(db.call('activate_definition', ['w', 2])).rejects.toMatchObject({ code: 'WF209' });
    expect(await db.sql('select version from workflow.workflow_versions where active')).toEqual([{ version: 1 }]);
  });

  it('leaves one version active when two are activated at once', async () => {
    for (const steps of [['a'], ['a', 'b'], ['a', 'b', 'c']]) await db.make.define('w', ...steps);
    const sessions = await Promise.all([1, 2, 3].map(() => db.session()));
    await Promise.all(sessions.map((session, i) => session.call('activate_definition', ['w', i + 1])));
    expect(await db.sql('select version from workflow.workflow_versions where active')).toHaveLength(1);
  });
});
