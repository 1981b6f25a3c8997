// start_runs and the wake-up after its commit, in one call.
import { json, useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { Client } from 'pg';

const db = useTestDatabase();

interface Answer {
  ordinal: number;
  outcome: string;
  run_id: string | null;
  code: string | null;
  queues: string[] | null;
}

const submit = async (...requests: object[]): Promise<Answer[]> =>
  (await db.sql<{ answer: Answer[] }>('call workflow.submit_runs($1)', [json(requests)]))[0]!.answer;

describe('submit_runs', () => {
  let listener: Client;
  /** What was heard, and how many runs the listener saw at that moment. */
  let heard: Promise<[string, number]>[];

  beforeEach(async () => {
    await db.make.define('w', 'a');
    heard = [];
    listener = new Client(db.url());
    await listener.connect();
    await listener.query('listen workflow_work');
    listener.on('notification', ({ payload }) => {
      const runs = db.sql<{ n: number }>('select count(*)::int as n from workflow.workflow_runs');
      heard.push(runs.then((rows) => [payload ?? '', rows[0]!.n]));
    });
  });
  afterEach(() => listener.end());

  it('answers like start_runs, and wakes those who work for the queue when the run can be seen', async () => {
    const rows = await submit({ tenant_id: 't', workflow: 'w' }, { tenant_id: 't', workflow: 'nobody' });
    expect(rows).toMatchObject([
      { ordinal: 1, outcome: 'created', code: null, queues: ['default'] },
      { ordinal: 2, outcome: 'refused', code: 'unknown_workflow', run_id: null },
    ]);
    await waitFor(() => heard.length > 0);
    expect(await Promise.all(heard)).toEqual([['default', 1]]);
  });

  it('wakes nobody where no queue got work', async () => {
    const [row] = await submit({ tenant_id: 't', workflow: 'w', run_at: '2999-01-01T00:00:00Z' });
    expect(row).toMatchObject({ outcome: 'created' });
    await submit({ tenant_id: 't', workflow: 'w' });
    await waitFor(() => heard.length > 0);
    expect(heard).toHaveLength(1);
  });

  it('stores nothing inside of a transaction, where it could not commit', async () => {
    await listener.query('begin');
    await expect(listener.query('call workflow.submit_runs($1)', [json([{ tenant_id: 't', workflow: 'w' }])])).rejects.toMatchObject({
      code: '2D000',
    });
    await listener.query('rollback');
    expect(await db.sql('select from workflow.workflow_runs')).toEqual([]);
  });

  it('refuses as a whole what start_runs refuses', async () => {
    await expect(db.sql('call workflow.submit_runs($1)', ['{}'])).rejects.toMatchObject({ code: 'WF001' });
  });
});
