import { useTestDatabase, type StartRequest, type Started } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const stored = async () => (await db.sql<{ runs: number }>('select count(*) as runs from workflow.workflow_runs'))[0]!.runs;
const startOne = async (request: Partial<StartRequest>): Promise<Started> =>
  (await db.make.startAll([{ tenant_id: 'acme', workflow: 'w', ...request }]))[0]!;

describe('start_runs', () => {
  it('gives every step a state and the root steps their tasks', async () => {
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'a' },
        { slug: 'b' },
        { slug: 'm', kind: 'map' },
        { slug: 'j', depends_on: ['a', 'b'] },
        { slug: 'z', depends_on: ['j'] },
      ],
    });
    const runId = await db.make.start('w', ['x', 'y']);
    expect(await db.make.run(runId)).toMatchObject({ status: 'started', remaining_leaves: 2, total_steps: 5, input: ['x', 'y'] });
    expect(
      (await db.make.steps(runId)).map(({ step_slug, status, remaining_deps, initial_tasks }) => [
        step_slug,
        status,
        remaining_deps,
        initial_tasks,
      ]),
    ).toEqual([
      ['a', 'started', 0, 1],
      ['b', 'started', 0, 1],
      ['j', 'created', 2, null],
      ['m', 'started', 0, 2],
      ['z', 'created', 1, null],
    ]);
    expect((await db.make.tasks(runId)).map(({ step_slug, task_index, status }) => [step_slug, task_index, status])).toEqual([
      ['a', 0, 'queued'],
      ['b', 0, 'queued'],
      ['m', 0, 'queued'],
      ['m', 1, 'queued'],
    ]);
  });

  it('answers each element in order, refused ones too, and says which queues got work', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', queue: 'fed_by_start' }] });
    const answers = await db.make.startAll([
      { tenant_id: 'acme', workflow: 'w' },
      { tenant_id: 'acme', workflow: 'nothing' },
      { tenant_id: 'acme', workflow: 'w' },
    ]);
    expect(answers.map(({ ordinal, outcome, code }) => [ordinal, outcome, code])).toEqual([
      [1, 'created', null],
      [2, 'refused', 'unknown_workflow'],
      [3, 'created', null],
    ]);
    expect(answers.flatMap(({ queues }) => queues ?? [])).toContain('fed_by_start');
    expect(await stored()).toBe(2);
  });

  it('takes an input of null where none is given', async () => {
    await db.make.define('w', 'a');
    const { run_id } = await startOne({});
    expect(await db.make.run(run_id)).toMatchObject({ input: null });
    expect(await db.sql('select jsonb_typeof(input) as type from workflow.workflow_runs')).toEqual([{ type: 'null' }]);
  });

  it('completes a root map over an empty array at once, and all that needs nothing else', async () => {
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'm', kind: 'map' },
        { slug: 'n', kind: 'map', over: 'm' },
      ],
    });
    const { run_id, status } = await startOne({ input: [] });
    expect(await db.make.run(run_id)).toMatchObject({ status: 'completed', output: { n: [] }, remaining_leaves: 0 });
    expect(['started', 'completed']).toContain(status);
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
  });

  it('places a tenant by the hash of its id', async () => {
    await db.make.define('w', 'a');
    const { run_id } = await startOne({ tenant_id: 'acme' });
    expect((await db.make.run(run_id))['placement_group']).toMatch(/^global\/\d{1,3}$/);
  });

  it('gives a run to a version that is not active where it is asked for', async () => {
    const first = await db.make.define('w', 'a');
    await db.make.define('w', 'a', 'b');
    const { run_id } = await startOne({ version: 1 });
    expect(await db.make.run(run_id)).toMatchObject({ definition_id: first.definition_id });
  });

  it('keeps a scheduled run from work until its time', async () => {
    await db.make.define('w', 'a');
    const { run_id, status } = await startOne({ run_at: new Date(Date.now() + 60_000).toISOString() });
    expect(status).toBe('scheduled');
    expect(await db.make.tasks(run_id)).toEqual([]);
    expect(await (await db.make.worker()).claim()).toEqual([]);
  });

  it('starts a run at once whose time has passed', async () => {
    await db.make.define('w', 'a');
    const { status } = await startOne({ run_at: '2001-01-01T00:00:00Z' });
    expect(status).toBe('started');
    expect(await (await db.make.worker()).claim()).toHaveLength(1);
  });

  it('makes ids that rise with time', async () => {
    await db.make.define('w', 'a');
    const ids = [];
    for (let i = 0; i < 5; i += 1) ids.push(await db.make.start('w'));
    expect(ids).toEqual(ids.toSorted());
  });

  it('counts what it opened', async () => {
    await db.make.define('w', 'a');
    await db.make.startAll([1, 2, 3].map(() => ({ tenant_id: 'acme', workflow: 'w' })));
    await startOne({ run_at: '2999-01-01T00:00:00Z' });
    expect(await db.call('open_run_counts')).toEqual(
      expect.arrayContaining([
        { status: 'started', runs: 3 },
        { status: 'scheduled', runs: 1 },
        { status: 'paused', runs: 0 },
      ]),
    );
  });
});
