// What a region's database says of the mesh, for whoever looks at it from outside.
import type { TestDatabase } from '@singularity-workflow/testkit';

export interface Homes {
  /** The last decision that the region knows. */
  readonly epoch: number;
  /** Of each tenant the region where it is at home. */
  readonly homes: ReadonlyMap<string, string>;
}

export interface LinkSeen {
  readonly region: string;
  /** Both its ends say so: copied, running, healthy. */
  readonly up: boolean;
  /** What the peer has not confirmed of this region's stream; null: there is no slot. */
  readonly lagBytes: number | null;
}

export interface RegionSeen {
  /** The last that it knows; 0: it is in no mesh yet. */
  readonly epoch: number;
  /** Null: it has none, and executes nothing. */
  readonly leaseMs: number | null;
  /** Placement groups that are at home here; those that it has adopted. */
  readonly groups: number;
  readonly open: number;
  readonly ended: number;
  /** Regions whose link it holds closed. */
  readonly sealed: readonly string[];
  readonly conflicts: number;
  /** To the others. */
  readonly links: readonly LinkSeen[];
}

const SEEN = `
  select coalesce((select m.last_epoch from workflow.mesh m), 0)::int as epoch,
         workflow.lease_left_ms()::float8 as "leaseMs",
         (select count(*) from workflow.placement p where p.member_id = workflow.own_member())::int as groups,
         (select count(*) from workflow.workflow_runs r where r.finished_at is null)::int as open,
         (select count(*) from workflow.workflow_runs r where r.finished_at is not null)::int as ended,
         coalesce((select array_agg(m.region order by m.region) from workflow.region_seals s join workflow.region_members m using (member_id)), '{}') as sealed,
         (select count(*) from workflow.replication_conflicts)::int as conflicts`;
const LINKS = `
  select region, active and healthy and whole as up, lag_bytes::float8 as "lagBytes" from workflow.peer_slots() order by region`;

export async function survey(db: TestDatabase): Promise<RegionSeen> {
  const [[seen], links] = await Promise.all([db.sql<Omit<RegionSeen, 'links'>>(SEEN), db.sql<LinkSeen>(LINKS)]);
  return { ...seen!, links };
}

export async function homesIn(db: TestDatabase, tenants: readonly string[]): Promise<Homes> {
  const rows = await db.sql<{ tenant: string; region: string; epoch: number }>(
    'select h.tenant_id as tenant, h.region, m.last_epoch::int as epoch from workflow.home_of($1) h, workflow.mesh m',
    [tenants],
  );
  return { epoch: rows[0]?.epoch ?? 0, homes: new Map(rows.map(({ tenant, region }) => [tenant, region])) };
}

/** What executors registered is not decided yet, or its definition has not arrived: nobody starts it here. */
const WAITING_VERSIONS = `
  select exists (select from workflow.log_wishes w where w.epoch is null)
      or exists (select from workflow.decided_versions d
                  where not exists (select from workflow.workflow_versions v where v.slug = d.slug and v.version = d.version)) as wait`;

/** It has its lease, its stream reaches all of these regions, and whatever was registered can be started here. */
export async function isLinked(db: TestDatabase, regions: readonly string[]): Promise<boolean> {
  const { leaseMs, links, sealed } = await survey(db);
  const others = links.filter(({ region }) => regions.includes(region));
  const [versions] = await db.sql<{ wait: boolean }>(WAITING_VERSIONS);
  return (
    leaseMs !== null &&
    !versions!.wait &&
    sealed.every((region) => !regions.includes(region)) &&
    others.length === regions.length - 1 &&
    others.every(({ up }) => up)
  );
}

const TABLES = `select distinct table_name as name from workflow.replicated_columns where table_name <> 'stream_ledger' order by 1`;

export interface TableCompared {
  readonly table: string;
  /** In each of the regions. */
  readonly rows: readonly number[];
  /** Groups whose rows are not the same everywhere; empty: the table is equal. */
  readonly different: readonly string[];
}

/** Every replicated table in these databases, by the digest of its groups. */
export async function compare(databases: readonly TestDatabase[]): Promise<TableCompared[]> {
  const tables = await databases[0]!.sql<{ name: string }>(TABLES);
  return Promise.all(tables.map(({ name }) => compareTable(name, databases)));
}

interface Digested {
  readonly placement_group: string;
  readonly row_count: string;
  readonly digest: string;
}

async function compareTable(table: string, databases: readonly TestDatabase[]): Promise<TableCompared> {
  const digested = await Promise.all(databases.map((db) => db.call<Digested>('digest_table', [table])));
  const maps = digested.map((rows) => new Map(rows.map((row) => [row.placement_group, `${row.row_count} ${row.digest}`])));
  const groups = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  return {
    table,
    rows: digested.map((rows) => rows.reduce((sum, row) => sum + Number(row.row_count), 0)),
    different: groups.filter((group) => new Set(maps.map((map) => map.get(group))).size > 1),
  };
}

export const isEqual = (compared: readonly TableCompared[]): boolean => compared.every(({ different }) => different.length === 0);
