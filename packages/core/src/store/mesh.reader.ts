// Reads about the mesh in the region's own database: what the reconciler decides by, and what its metrics show.
import type { Leftover, LinkSeen, OwnSide, SettingSeen, StandbysSeen } from '../domain/index.js';
import { SETTINGS_WATCHED } from '../domain/index.js';
import type { Database } from './database.js';

const OWN_SIDE = `
  select i.member_id, m.region, v.version as schema, coalesce(c.columns, '{}') as columns, p.names as physical_slots,
         p.names <> '{}' or current_setting('synchronous_standby_names') <> '' as has_standby,
         workflow.observe_standbys() as standbys,
         has_parameter_privilege(current_user, 'synchronized_standby_slots', 'alter system')
         and has_function_privilege('pg_catalog.pg_reload_conf()', 'execute') as may_set_standby_slots,
         (select count(*)::int from workflow.region_members r where r.state <> 'gone') as regions,
         pg_has_role('workflow_owner', 'pg_create_subscription', 'usage') and o.rolcanlogin
         and has_database_privilege('workflow_owner', current_database(), 'create')
         and has_function_privilege('workflow_owner', 'pg_catalog.pg_replication_origin_progress(text, boolean)', 'execute')
         and pg_has_role(current_user, 'workflow_owner', 'set') as prepared
    from workflow.installation i
    join workflow.mesh h on true
    join workflow.region_members m using (member_id)
    join pg_catalog.pg_roles o on o.rolname = 'workflow_owner'
   cross join (select max(version) as version from workflow.schema_migrations) v
   cross join lateral (
     select jsonb_object_agg(t.table_name, t.columns) as columns
       from (select r.table_name, jsonb_agg(r.column_name) as columns from workflow.replicated_columns r where r.since <= v.version group by 1) t) c
   cross join (
     select coalesce(array_agg(s.slot_name::text order by s.slot_name), '{}') as names
       from pg_catalog.pg_replication_slots s
      where s.slot_type = 'physical' and not s.temporary) p`;

const STATS = `
  select m.region, s.apply_error_count as apply_errors, s.sync_error_count as copy_errors, s.confl_update_missing as updates_missing,
         s.confl_insert_exists + s.confl_update_exists + s.confl_update_origin_differs + s.confl_delete_missing
         + s.confl_delete_origin_differs + s.confl_multiple_unique_conflicts as conflicts
    from workflow.region_members m
    join pg_catalog.pg_stat_subscription_stats s on s.subname = workflow.subscription_of(m.member_id)
   where m.state <> 'gone'
   order by m.region`;

export interface MeshSide extends OwnSide {
  /** Of standbys, and of whoever else copies the log. */
  readonly physicalSlots: readonly string[];
  readonly standbys: StandbysSeen;
  /** The administrator has given what it takes (ensureReplication). */
  readonly maySetStandbySlots: boolean;
  /** All of the mesh, this one included. */
  readonly regions: number;
  /** The administrator has given what links need (ensureReplication). */
  readonly prepared: boolean;
}

/** One row of peer_slots: what a peer has confirmed of this region's stream. */
export interface PeerSlotRow {
  readonly memberId: string;
  readonly region: string;
  readonly zone: string;
  readonly state: string;
  /** Null: there is none. */
  readonly slotName: string | null;
  readonly confirmed: string | null;
  readonly flushed: string;
  readonly lagBytes: number | null;
  /** By the ledger; null while no tick was closed. */
  readonly lagSeconds: number | null;
  readonly retainedBytes: number | null;
  /** What may still be written here before the slot is lost; null without a bound. */
  readonly leftBytes: number | null;
  readonly active: boolean;
  /** Valid, and not ahead of our own log. */
  readonly healthy: boolean;
  /** The peer has said that its link, of this very slot, is whole. */
  readonly whole: boolean;
}

/** What an apply worker counted, since the statistics were reset. */
export interface LinkStats {
  readonly region: string;
  readonly applyErrors: number;
  readonly copyErrors: number;
  /** Each is a row that is not here, and an alarm (R3). */
  readonly updatesMissing: number;
  readonly conflicts: number;
}

type OwnRow = Omit<MeshSide, 'columns' | 'commit'> & { columns: Record<string, string[]>; hasStandby: boolean };

export class MeshReader {
  constructor(private readonly db: Database) {}

  /** This region's side; null: it is in no mesh. */
  async ownSide(): Promise<MeshSide | null> {
    const [row] = await this.db.query<OwnRow>(OWN_SIDE);
    if (row === undefined) return null;
    const { columns, hasStandby, ...own } = row;
    return { ...own, columns: new Map(Object.entries(columns)), commit: hasStandby ? 'on' : 'off' };
  }

  links(): Promise<LinkSeen[]> {
    return this.db.callSql('observe_links', []);
  }

  leftovers(): Promise<Leftover[]> {
    return this.db.callSql('observe_leftovers', []);
  }

  settings(): Promise<SettingSeen[]> {
    return this.db.query('select name, setting, unit from pg_catalog.pg_settings where name = any ($1)', [[...SETTINGS_WATCHED]]);
  }

  /** verify_residency: what is where it must not be, in sentences. Reads whole tables. */
  verifyResidency(): Promise<{ what: string; subject: string; sentence: string }[]> {
    return this.db.callSql('verify_residency', []);
  }

  slots(): Promise<PeerSlotRow[]> {
    return this.db.callSql('peer_slots', []);
  }

  stats(): Promise<LinkStats[]> {
    return this.db.query(STATS);
  }
}
