import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const advance = async (limit = 100) =>
  (await db.call<{ moved: number }>('advance_horizon', [await db.make.leaderToken(), limit]))[0]!.moved;
const horizon = async () => (await db.sql<{ id: string }>('select oldest_open_run_id as id from workflow.run_horizon'))[0]!.id;

describe('advance_horizon', () => {
  beforeEach(() => db.make.define('w', 'a'));

  it('moves up to the oldest open run and no further', async () => {
    const [first, open, last] = [await db.make.start('w'), await db.make.start('w'), await db.make.start('w')];
    await db.call('cancel_runs', [[first, last]]);
    await db.clock.advance(3_600_000);
    await advance();
    expect((await horizon()) > first).toBe(true);
    expect((await horizon()) <= open).toBe(true);
  });

  it('leaves young runs alone, for one with a smaller id may not have been committed yet', async () => {
    const before = await horizon();
    await db.call('cancel_runs', [[await db.make.start('w')]]);
    await advance();
    const youngest = (await db.sql<{ run_id: string }>('select run_id from workflow.workflow_runs'))[0]!.run_id;
    expect((await horizon()) < youngest || (await horizon()) === before).toBe(true);
  });

  it('comes down again when an older run is retried', async () => {
    const old = await db.make.start('w');
    await db.call('cancel_runs', [[old]]);
    await db.make.start('w');
    await db.clock.advance(3_600_000);
    await advance();
    expect((await horizon()) > old).toBe(true);
    await db.call('retry_run', [old]);
    expect((await horizon()) <= old).toBe(true);
  });

  it('does not pass a run that is being retried at this moment', async () => {
    const old = await db.make.start('w');
    await db.call('cancel_runs', [[old]]);
    await db.make.start('w');
    await db.clock.advance(3_600_000);
    const token = await db.make.leaderToken();
    const [retrying, scheduler] = [await db.session(), await db.session()];
    await retrying.begin();
    await retrying.call('retry_run', [old]);
    const pending = scheduler.start(() => scheduler.call('advance_horizon', [token, 100]));
    await Promise.race([pending, scheduler.waitUntilBlocked()]);
    await retrying.commit();
    await pending;
    expect((await horizon()) <= old).toBe(true);
  });

  it('under way is waited for by a retry of a run that it passes', async () => {
    const old = await db.make.start('w');
    await db.call('cancel_runs', [[old]]);
    await db.make.start('w');
    await db.clock.advance(3_600_000);
    const token = await db.make.leaderToken();
    const [scheduler, retrying] = [await db.session(), await db.session()];
    await scheduler.begin();
    await scheduler.call('advance_horizon', [token, 100]);
    const pending = retrying.start(() => retrying.call('retry_run', [old]));
    await Promise.race([pending, retrying.waitUntilBlocked()]);
    await scheduler.commit();
    await pending;
    expect((await horizon()) <= old).toBe(true);
  });

  it('goes on in steps of its limit until nothing is left to pass', async () => {
    const runIds = (await db.make.startAll(Array.from({ length: 7 }, () => ({ tenant_id: 'acme', workflow: 'w' })))).map(
      ({ run_id }) => run_id,
    );
    const open = await db.make.start('w');
    await db.call('cancel_runs', [runIds]);
    await db.clock.advance(3_600_000);
    for (let calls = 0; calls < 20 && (await advance(3)) === 3; calls += 1);
    expect(await horizon()).toBe(open);
  });

  it('folds the changes of the counts and keeps their sum', async () => {
    for (let i = 0; i < 60; i += 1) await db.make.start('w');
    const before = await db.call('open_run_counts');
    await advance();
    expect((await db.sql('select * from workflow.open_run_changes')).length).toBeLessThan(10);
    expect(await db.call('open_run_counts')).toEqual(before);
  });
});
