import { createTestDatabase, useTestDatabase, waitFor } from '@singularity-workflow/testkit';

describe('a test database', () => {
  const db = useTestDatabase();

  it('has the schema of a fresh install', async () => {
    const rows = await db.sql<{ members: number }>('select count(*) as members from workflow.installation');
    expect(rows).toEqual([{ members: 1 }]);
  });

  it('is itself again after a reset', async () => {
    await db.sql(`insert into workflow.failover_events (occurred_at, kind, subject, reason) values (now(), 'k', 's', 'because')`);
    await db.sql('delete from workflow.run_horizon');
    await db.clock.advance(3_600_000);
    await db.reset();
    expect(await db.sql('select * from workflow.failover_events')).toEqual([]);
    expect(await db.sql('select * from workflow.run_horizon')).toHaveLength(1);
    expect(Math.abs((await db.clock.now()).getTime() - Date.now())).toBeLessThan(1_800_000);
  });

  it('is not seen by another suite', async () => {
    const other = await createTestDatabase();
    await other.sql(`insert into workflow.failover_events (occurred_at, kind, subject, reason) values (now(), 'k', 's', 'because')`);
    expect(await db.sql('select * from workflow.failover_events')).toEqual([]);
    await other.close();
    expect(await db.sql('select 1 from pg_database where datname = $1', [other.name])).toEqual([]);
  });

  it('is made four times at once from one template', async () => {
    const four = await Promise.all([1, 2, 3, 4].map(() => createTestDatabase()));
    await Promise.all(four.map((one) => one.close()));
    expect(new Set(four.map(({ name }) => name)).size).toBe(4);
  });
});

describe('the clock of a test database', () => {
  const db = useTestDatabase();

  it('moves by what it is told', async () => {
    const before = await db.clock.now();
    await db.clock.advance(3_600_000);
    const movedMs = (await db.clock.now()).getTime() - before.getTime();
    expect(movedMs).toBeGreaterThanOrEqual(3_600_000);
    expect(movedMs).toBeLessThan(5_400_000);
  });

  it('stands still once it is frozen', async () => {
    await db.clock.freeze();
    expect(await db.clock.now()).toEqual(await db.clock.now());
  });
});

describe('a session', () => {
  const db = useTestDatabase();

  it('knows when it is blocked by another', async () => {
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    await first.sql('lock table workflow.leases');
    const pending = second.start(() => second.sql('select * from workflow.leases'));
    await second.waitUntilBlocked();
    expect(pending.isSettled()).toBe(false);
    await first.commit();
    expect(await pending).toEqual([]);
  });
});

describe('waitFor', () => {
  it('answers what the condition answered', async () => {
    let calls = 0;
    expect(await waitFor(() => (calls += 1) === 3 && 'third')).toBe('third');
  });

  it('says what it saw last when it gives up', async () => {
    const waiting = waitFor(() => Promise.reject(new Error('no answer')), { until: 'it answers', timeoutMs: 20 });
    await expect(waiting).rejects.toThrow(/until it answers; seen last: no answer/);
  });
});
