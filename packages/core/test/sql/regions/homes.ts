// A database that believes it is one region of a mesh of three: members, placement and lease as the decision plane would have written them, without
// links and without anybody to talk to. Region `here` is this database; `b` and `c` are names.
import { createHash, randomUUID } from 'node:crypto';
import { type TestDatabase, useTestDatabase } from '@singularity-workflow/testkit';
import { Client } from 'pg';

export type Region = 'here' | 'b' | 'c';
const LEASE_MS = 600_000;

export interface Homes {
  readonly db: TestDatabase;
  readonly members: Record<Region, string>;
  /** Founds the mesh: hash groups are dealt round; `lease` null: without one. */
  found(options?: { lease?: boolean }): Promise<void>;
  /** Before the mesh: a lone region's rows are what region b or c would have sent (tenure 1). Forgets all that is local of them. */
  becomeReplica(): Promise<void>;
  /** What learning an epoch that takes the tenants' groups to a region does to the placement. */
  move(epoch: number, to: Region, ...tenants: string[]): Promise<void>;
  setLease(live: boolean): Promise<void>;
  /** For tests that move the clock by more than a lease. */
  extendLease(): Promise<void>;
  groupOf(tenant: string): Promise<string>;
  /** Tenants of different groups that are at home there. */
  tenantOf(region: Region, nth?: number): string;
  /** Adopts all that is to be adopted, as the monitor does. Answers the groups that got their marker. */
  adopt(options?: { rowsMax?: number; walk?: number }): Promise<string[]>;
  token(): Promise<number>;
  /** Of the rows of a run, by what they are. */
  tenures(runId: string): Promise<Record<string, number[]>>;
  /** Every row of a run without what an adoption changes. */
  contents(runId: string): Promise<unknown>;
}

/** Tenants of groups 0 to 255 that are all different, by the region that their group is dealt to. */
function dealTenants(): Record<Region, string[]> {
  const dealt: Record<Region, string[]> = { here: [], b: [], c: [] };
  const groups = new Set<number>();
  for (let i = 0; i < 60; i += 1) {
    const group = createHash('sha256').update(`t${i}`).digest()[0]!;
    if (!groups.has(group)) dealt[(['here', 'b', 'c'] as const)[group % 3]!].push(`t${i}`);
    groups.add(group);
  }
  return dealt;
}
const TENANTS = dealTenants();

export function useHomes(): Homes {
  const db = useTestDatabase();
  const members = { here: '', b: randomUUID(), c: randomUUID() };
  beforeAll(async () => {
    const admin = new Client({ connectionString: process.env['TEST_PG_URL']! });
    await admin.connect();
    await admin.query(`alter database ${db.name} set transaction_timeout = '300s'`);
    await admin.end();
  });
  beforeEach(async () => {
    members.here = (await db.sql<{ id: string }>('select workflow.own_member() as id'))[0]!.id;
  });

  const homes: Homes = {
    db,
    members,
    async found({ lease = true } = {}) {
      await db.sql(
        `insert into workflow.mesh (mesh_id, region, has_zones, last_epoch, member_epoch, founded_at)
         values (gen_random_uuid(), 'here', false, 1, 1, workflow.clock())`,
      );
      for (const [region, member] of Object.entries(members))
        await db.sql(
          `insert into workflow.region_members (member_id, region, zone, state, member_epoch) values ($1, $2, 'global', 'full', 1)`,
          [member, region],
        );
      await db.sql(
        `insert into workflow.placement (placement_group, region, member_id, tenure)
         select 'global/' || g, m.region, m.member_id, 1
           from generate_series(0, 255) g join workflow.region_members m on m.region = (array['here', 'b', 'c'])[g % 3 + 1]`,
      );
      await db.sql(
        `insert into workflow.placement_history (placement_group, tenure, region, member_id)
         select p.placement_group, p.tenure, p.region, p.member_id from workflow.placement p`,
      );
      await homes.setLease(lease);
    },
    async becomeReplica() {
      await db.make.forgetUnlogged();
      await db.sql('insert into workflow.queue_marker (rebuilt_at) values (now())');
      await db.sql('delete from workflow.run_timers');
      await db.sql(`update workflow.workflow_definitions set writer = $1`, [members.b]);
      await homes.found();
    },
    async move(epoch, to, ...tenants) {
      const groups = await Promise.all(tenants.map((tenant) => homes.groupOf(tenant)));
      await db.sql(
        `with moved as (
           update workflow.placement set region = $2, member_id = $3, tenure = $1 where placement_group = any ($4)
           returning placement_group, tenure, region, member_id)
         insert into workflow.placement_history (placement_group, tenure, region, member_id) select * from moved`,
        [epoch, to, members[to], groups],
      );
      await db.sql('update workflow.mesh set last_epoch = $1', [epoch]);
    },
    async setLease(live) {
      await db.sql(
        `update workflow.region_lease set lease_ms = $1::int, epoch = 1, server_started_at = pg_postmaster_start_time(),
                expires_at = case when $2 then workflow.clock() + $1::int * interval '1 millisecond' end`,
        [LEASE_MS, live],
      );
    },
    async extendLease() {
      await db.sql(`update workflow.region_lease set expires_at = expires_at + interval '1 day'`);
    },
    async groupOf(tenant) {
      return (await db.sql<{ g: string }>(`select workflow.group_of($1) as g`, [tenant]))[0]!.g;
    },
    tenantOf: (region, nth = 0) => TENANTS[region][nth]!,
    async adopt({ rowsMax = 1_000, walk = 1_000 } = {}) {
      const token = await homes.token();
      for (;;) {
        const [seen] = await db.call<{ looked: number }>('find_runs_to_adopt', [token, walk]);
        if (seen!.looked < walk) break;
      }
      const adopted: string[] = [];
      for (;;) {
        const [chunk] = await db.call<{ placement_group: string; done: boolean }>('adopt_chunk', [token, rowsMax]);
        if (chunk === undefined) return adopted;
        if (chunk.done) adopted.push(chunk.placement_group);
      }
    },
    token: () => db.make.leaderToken('failover-monitor'),
    async contents(runId) {
      const strip = `- array['home_epoch', 'revision', 'written_tick']`;
      const rows = await db.sql(
        `select (select to_jsonb(r) ${strip} from workflow.workflow_runs r where r.run_id = $1) as run,
            (select jsonb_agg(to_jsonb(s) ${strip} order by s.step_slug) from workflow.step_states s where s.run_id = $1) as steps,
            (select jsonb_agg(to_jsonb(t) ${strip} order by t.step_slug, t.task_index) from workflow.step_tasks t where t.run_id = $1) as tasks,
            (select jsonb_agg(to_jsonb(a) ${strip} order by a.attempt) from workflow.step_attempts a where a.run_id = $1) as attempts`,
        [runId],
      );
      return rows[0];
    },
    async tenures(runId) {
      const rows = await db.sql<{ part: string; tenures: number[] }>(
        `select part, array_agg(distinct home_epoch::int order by home_epoch::int) as tenures
       from (select 'run' as part, home_epoch from workflow.workflow_runs where run_id = $1
             union all select 'step', home_epoch from workflow.step_states where run_id = $1
             union all select 'task', home_epoch from workflow.step_tasks where run_id = $1
             union all select 'attempt', home_epoch from workflow.step_attempts where run_id = $1) rows group by part`,
        [runId],
      );
      return Object.fromEntries(rows.map((row) => [row.part, row.tenures]));
    },
  };
  return homes;
}
