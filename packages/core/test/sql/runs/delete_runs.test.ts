import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const verdicts = async (...runIds: string[]) =>
  new Map((await db.call<{ run_id: string; verdict: string }>('delete_runs', [runIds])).map(({ run_id, verdict }) => [run_id, verdict]));
const rowsOf = async (runId: string): Promise<number> => {
  const tables = ['workflow_runs', 'step_states', 'step_tasks', 'step_attempts', 'run_timers'];
  const counts = await Promise.all(
    tables.map((table) => db.sql<{ n: number }>(`select count(*) as n from workflow.${table} where run_id = $1`, [runId])),
  );
  return counts.reduce((sum, [row]) => sum + row!.n, 0);
};

describe('delete_runs', () => {
  it('erases a finished run with all that belongs to it', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }] });
    const runId = await db.make.start('w', {}, { deadline: '2999-01-01T00:00:00Z' });
    const worker = await db.make.worker();
    await worker.fail(await worker.claimOne());
    await worker.complete(await worker.claimOne(), 1);
    expect(await verdicts(runId)).toEqual(new Map([[runId, 'deleted']]));
    expect(await rowsOf(runId)).toBe(0);
  });

  it('records the deletion, for it travels to other regions as a row', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await db.call('cancel_runs', [[runId]]);
    await verdicts(runId);
    expect(await db.sql('select run_id from workflow.run_deletions')).toEqual([{ run_id: runId }]);
  });

  it('leaves open runs alone', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    expect(await verdicts(runId)).toEqual(new Map([[runId, 'not_finished']]));
    expect(await (await db.make.worker()).claim()).toHaveLength(1);
  });

  it('answers for each of a mixed batch', async () => {
    await db.make.define('w', 'a');
    const [done, open, unknown] = [await db.make.start('w'), await db.make.start('w'), randomUUID()];
    await db.call('cancel_runs', [[done]]);
    expect(await verdicts(done, open, unknown, done)).toEqual(
      new Map([
        [done, 'deleted'],
        [open, 'not_finished'],
        [unknown, 'not_found'],
      ]),
    );
  });

  it('frees the idempotency key', async () => {
    await db.make.define('w', 'a');
    const first = await db.make.start('w', {}, { idempotency_key: 'k' });
    await db.call('cancel_runs', [[first]]);
    await verdicts(first);
    expect(await db.make.start('w', {}, { idempotency_key: 'k' })).not.toBe(first);
  });

  it('makes a late report closed', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await db.call('cancel_runs', [[runId]]);
    await verdicts(runId);
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'closed' });
    expect(await rowsOf(runId)).toBe(0);
  });

  it('refuses more runs than the bound', async () => {
    await expect(verdicts(...Array.from({ length: 1_001 }, () => randomUUID()))).rejects.toMatchObject({ code: 'WF002' });
  });

  it('waits for a retry of the same run, and then leaves it alone', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await db.call('cancel_runs', [[runId]]);
    const [retrying, deleting] = [await db.session(), await db.session()];
    await retrying.begin();
    await retrying.call('retry_run', [runId]);
    const pending = deleting.start(() => deleting.call('delete_runs', [[runId]]));
    await deleting.waitUntilBlocked();
    await retrying.commit();
    expect(await pending).toEqual([{ run_id: runId, verdict: 'not_finished' }]);
    expect(await (await db.make.worker()).claim()).toHaveLength(1);
  });
});
