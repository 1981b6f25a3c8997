import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const prune = async (before: Date, limit = 100): Promise<number> =>
  (await db.call<{ prune_runs: number }>('prune_runs', [await db.make.leaderToken(), before, limit]))[0]!.prune_runs;
const left = async () =>
  (await db.sql<{ run_id: string }>('select run_id from workflow.workflow_runs order by 1')).map(({ run_id }) => run_id);
const soon = () => new Date(Date.now() + 60_000);

async function finished(): Promise<string> {
  const runId = await db.make.start('w');
  await db.call('cancel_runs', [[runId]]);
  return runId;
}

describe('prune_runs', () => {
  beforeEach(() => db.make.define('w', 'a'));

  it('removes finished runs from before a time, with all that belongs to them', async () => {
    await finished();
    expect(await prune(soon())).toBe(1);
    expect(await left()).toEqual([]);
    expect(await db.sql('select 1 from workflow.step_states union all select 1 from workflow.step_tasks')).toEqual([]);
  });

  it('keeps open runs however old they are', async () => {
    const open = await db.make.start('w');
    await finished();
    expect(await prune(soon())).toBe(1);
    expect(await left()).toEqual([open]);
    expect(await (await db.make.worker()).claim()).toHaveLength(1);
  });

  it('keeps what finished after that time', async () => {
    const runId = await finished();
    expect(await prune(new Date(Date.now() - 60_000))).toBe(0);
    expect(await left()).toEqual([runId]);
  });

  it('keeps an old run that finished only now', async () => {
    const open = await db.make.start('w');
    const before = soon();
    await db.clock.advance(3_600_000);
    await db.call('cancel_runs', [[open]]);
    expect(await prune(before)).toBe(0);
  });

  it('removes no more than its limit a call, oldest first', async () => {
    const runIds = [await finished(), await finished(), await finished()];
    expect(await prune(soon(), 2)).toBe(2);
    expect(await left()).toEqual([runIds[2]]);
    expect(await prune(soon(), 2)).toBe(1);
  });

  it('reaches the old behind open ones that fill its limit', async () => {
    for (let i = 0; i < 5; i += 1) await db.make.start('w');
    await finished();
    expect(await prune(soon(), 2)).toBe(1);
  });

  it('does not record a deletion: every region prunes its own copies', async () => {
    await finished();
    await prune(soon());
    expect(await db.sql('select * from workflow.run_deletions')).toEqual([]);
  });

  it('skips a run that somebody is retrying', async () => {
    const runId = await finished();
    const retrying = await db.session();
    await retrying.begin();
    await retrying.call('retry_run', [runId]);
    expect(await prune(soon())).toBe(0);
    await retrying.commit();
    expect(await db.make.run(runId)).toMatchObject({ status: 'started' });
  });
});
