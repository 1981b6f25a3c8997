import { createTestDatabase, type TestDatabase } from '@singularity-workflow/testkit';
import { STORY_SQL } from './story.sql.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.sql(STORY_SQL);
});
beforeEach(async () => {
  await db.reset();
  await db.sql('insert into workflow.mesh select * from jsonb_populate_record(null::workflow.mesh, $1)', [
    { singleton: true, mesh_id: RUN, region: 'eu', has_zones: false, last_epoch: 1, member_epoch: 1, founded_at: NOW },
  ]);
});
afterAll(() => db.close());

const NOW = '2026-03-01T00:00:00Z';
const BEFORE = '2026-02-01T00:00:00Z';
/** Version 7, of January 2026. */
const RUN = '019b7800-0000-7000-8000-000000000001';

const prune = async (limit = 100, token?: number) => {
  const [row] = await db.call<{ prune_replication: number }>('prune_replication', [token ?? (await db.make.leaderToken()), BEFORE, limit]);
  return row!.prune_replication;
};
const count = async (table: string) => (await db.sql<{ n: number }>(`select count(*) as n from workflow.${table}`))[0]!.n;
const orphan = (runId: string) =>
  db.sql(
    `insert into workflow.step_tasks (run_id, step_slug, task_index, home_epoch, written_tick, status, available_at, created_at)
     values ($1, 'a', 0, 1, 0, 'queued', now(), now())`,
    [runId],
  );
const conflicts = (at: string, rows: number) =>
  db.sql(
    `insert into workflow.replication_conflicts (at, sender, table_name, kind) select $1, 'x', 'workflow_runs', 'stale' from generate_series(1, $2)`,
    [at, rows],
  );
const tombstone = (lostAt: string) =>
  db.sql(`insert into workflow.lost_runs values (gen_random_uuid(), 'global', gen_random_uuid(), 1, $1)`, [lostAt]);

describe('prune_replication', () => {
  it('removes conflicts and tombstones from before, oldest first, and leaves the others', async () => {
    await conflicts('2026-01-01', 3);
    await conflicts('2026-02-02', 2);
    await tombstone('2026-01-01');
    await tombstone('2026-02-02');
    expect(await prune()).toBe(3);
    expect([await count('replication_conflicts'), await count('lost_runs')]).toEqual([2, 1]);
    expect(await prune()).toBe(0);
  });

  it('removes at most the limit of a kind, and says that it was reached', async () => {
    await conflicts('2026-01-01', 5);
    expect([await prune(2), await prune(2), await prune(2)]).toEqual([2, 2, 1]);
  });

  it('removes the oldest conflicts beyond the bound, however young', async () => {
    await conflicts('2026-02-02', 5);
    await db.call('set_limit', ['replication_conflicts_max', 3]);
    expect(await prune()).toBe(2);
    expect(await count('replication_conflicts')).toBe(3);
  });

  it('removes rows of runs that are not here any more', async () => {
    await orphan(RUN);
    expect(await prune()).toBe(1);
    expect(await count('step_tasks')).toBe(0);
  });

  it('leaves rows whose run is here, and young ones whose run may be on its way', async () => {
    await db.sql('select story.start(1, $1, null)', [RUN]);
    await orphan('019cffff-0000-7000-8000-000000000001');
    expect(await prune()).toBe(0);
    expect(await count('step_tasks')).toBe(2);
  });

  it('leaves deletions: a run that was erased never comes back', async () => {
    await db.sql(`insert into workflow.run_deletions (run_id, home_epoch, written_tick, deleted_at) values ($1, 1, 0, '2020-01-01')`, [
      RUN,
    ]);
    await prune();
    expect(await count('run_deletions')).toBe(1);
  });

  it('does nothing where there is one region', async () => {
    await db.sql('delete from workflow.mesh');
    await conflicts('2026-01-01', 1);
    expect(await prune()).toBe(0);
    expect(await count('replication_conflicts')).toBe(1);
  });

  it('refuses whoever does not lead, and too large a batch', async () => {
    const token = await db.make.leaderToken();
    await expect(prune(1, token + 1)).rejects.toMatchObject({ code: 'WF302' });
    await expect(prune(1_001, token)).rejects.toMatchObject({ code: 'WF002' });
  });
});
