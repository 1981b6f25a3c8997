// A transaction that somebody leaves open keeps every message that was taken since as a dead row. A session whose claim read past many begins
// later for a while (queue/read_from.sql); testkit's sessions read whole queues unless told otherwise.
import { useTestDatabase, waitFor, type Session, type TestWorker } from '@singularity-workflow/testkit';

const DEAD_ROWS = 100_000;
const db = useTestDatabase();

let session: Session;
let worker: TestWorker;

/** A queue whose dead rows nobody may remove, and a session that claims as an executor's does. */
beforeEach(async () => {
  await db.make.define('w', 'a');
  const holding = await db.session();
  await holding.sql('begin isolation level repeatable read');
  await holding.sql('select 1');
  await db.sql(`insert into pgmq.q_default_p1 (vt, message) select now() - interval '1 hour', '{}' from generate_series(1, $1)`, [
    DEAD_ROWS,
  ]);
  await db.sql('delete from pgmq.q_default_p1');
  session = await db.session();
  await session.sql('set workflow.read_whole_queues = off');
  await session.sql('set workflow.slow_read_ms = 0'); // how long a read takes here decides nothing
  worker = (await db.make.worker()).using(session);
});

/** Pages that a claim touches. */
async function pagesOfAClaim(): Promise<number> {
  const [row] = await session.sql<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
    `explain (analyze, buffers, format json) select * from workflow.start_tasks('${worker.id}', '{default}', 10)`,
  );
  const { Plan } = row!['QUERY PLAN'][0];
  return Plan['Shared Hit Blocks']! + Plan['Shared Read Blocks']!;
}

describe('start_tasks, over the dead rows that an open transaction keeps,', () => {
  it('reads past all of them once, and past few soon after', async () => {
    const first = await pagesOfAClaim();
    expect(first).toBeGreaterThan(1_000);
    const second = await waitFor(async () => (await pagesOfAClaim()) < first / 10, { until: 'a claim begins where the last one ended' });
    expect(second).toBe(true);
  });

  it('takes what comes meanwhile at once', async () => {
    await pagesOfAClaim();
    const runId = await db.make.start('w');
    expect(await worker.claim()).toMatchObject([{ run_id: runId }]);
  });

  it('takes what became visible long ago soon after, in this session, and at once in another', async () => {
    const older = [await db.make.start('w'), await db.make.start('w')];
    for (const runId of older) await db.call('pause_run', [runId]);
    await db.sql(`update workflow.step_tasks set available_at = now() - interval '1 minute'`);
    await pagesOfAClaim();
    for (const runId of older) await db.call('resume_run', [runId]);
    const other = await db.make.worker();
    expect(await other.claim({ capacity: 1 })).toHaveLength(1);
    expect(await waitFor(async () => (await worker.claim())[0], { until: 'the older message is taken' })).toMatchObject({
      step_slug: 'a',
    });
  });
});
