import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('open_run_counts', () => {
  it('is zero for every status of a fresh install', async () => {
    expect(
      (await db.call<{ status: string; runs: number }>('open_run_counts')).toSorted((a, b) => a.status.localeCompare(b.status)),
    ).toEqual([
      { status: 'paused', runs: 0 },
      { status: 'scheduled', runs: 0 },
      { status: 'started', runs: 0 },
    ]);
  });

  it('does not change by a call that is rolled back', async () => {
    await db.make.define('w', 'a');
    const session = await db.session();
    await session.begin();
    await session.call('start_runs', [JSON.stringify([{ tenant_id: 'acme', workflow: 'w' }])]);
    await session.rollback();
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
  });

  it('follows a run through its whole life', async () => {
    await db.make.define('w', 'a');
    const seen: string[] = [];
    const look = async () => {
      const counts = await db.call<{ status: string; runs: number }>('open_run_counts');
      seen.push(
        counts
          .filter(({ runs }) => runs !== 0)
          .map(({ status, runs }) => `${status} ${runs}`)
          .join(', '),
      );
    };
    const runId = await db.make.start('w', {}, { run_at: new Date(Date.now() + 60_000).toISOString() });
    await look();
    await db.clock.advance(120_000);
    await db.call('start_due_runs', [await db.make.leaderToken(), 10]);
    await look();
    await db.call('pause_run', [runId]);
    await look();
    await db.call('resume_run', [runId]);
    const worker = await db.make.worker();
    await worker.fail(await worker.claimOne(), { retryable: false });
    await look();
    await db.call('retry_run', [runId]);
    await look();
    await worker.complete(await worker.claimOne(), 1);
    await look();
    expect(seen).toEqual(['scheduled 1', 'started 1', 'paused 1', '', 'started 1', '']);
  });
});
