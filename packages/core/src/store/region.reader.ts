// What a region knows of the mesh, from its own database: members, places, what it granted, suspects and sealed.
import type { GrantCount, MemberState, PlacedGroup } from '../domain/index.js';
import type { Database } from './database.js';

export interface MeshRow {
  readonly meshId: string;
  readonly region: string;
  readonly memberId: string;
  readonly lastEpoch: number;
  readonly memberEpoch: number;
  readonly stoppedReason: string | null;
}

export interface MeshMember {
  readonly memberId: string;
  readonly region: string;
  readonly zone: string;
  readonly state: MemberState;
  readonly addresses: Readonly<Record<string, unknown>>;
}

export interface SealRow {
  readonly memberId: string;
  /** Null: no seal any more, only the link is disabled still. */
  readonly epoch: number | null;
  readonly deposedEpoch: number | null;
  /** Its ranks were taken. */
  readonly counts: boolean;
}

export interface GrantRows {
  /** Of this database; counts begin anew with another one. */
  readonly serverStartedAt: Date;
  readonly counts: readonly GrantCount[];
}

export interface HomeRow {
  readonly tenantId: string;
  readonly placementGroup: string | null;
  /** Null for one region alone, too. */
  readonly region: string | null;
  readonly memberId: string | null;
  readonly tenure: number | null;
}

export interface RegionCommandRow {
  readonly commandId: string;
  readonly command: 'failover' | 'evacuate' | 'restore' | 'resync' | 'add' | 'remove' | 'move' | 'register';
  readonly state: 'requested' | 'working';
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The API key; null: none was asked for. */
  readonly requestedBy: string | null;
}

export interface GroupToReturn {
  readonly placementGroup: string;
  /** To whom. */
  readonly memberId: string;
}

/** A tenant's own group that was taken over. */
export interface WonGroup {
  readonly group: string;
  readonly residency: string;
  /** In the order in which they are wanted. */
  readonly fallbackRegions: readonly string[];
}

const NEWCOMERS = `
  select m.member_id
    from workflow.region_members m
   where m.member_id = any ($1)
     and not exists (select from workflow.placement_history h
                       left join workflow.placement p on p.placement_group = h.placement_group
                      where h.member_id = m.member_id and h.placement_group not like 'tenant/%'
                        and (h.tenure = 1 or p.member_id is distinct from m.member_id))
   order by m.region`;

const WAITING_FOR_GROUPS = `
  select r.tenant_id
    from workflow.tenant_registry r
   where r.tenant_id = any ($1) and r.own_group is null and cardinality(r.fallback_regions) > 0
   order by r.tenant_id`;

const WON_WITH_FALLBACKS = `
  select p.placement_group as group, r.residency, r.fallback_regions
    from workflow.placement p
    join workflow.tenant_registry r on r.own_group = p.placement_group and cardinality(r.fallback_regions) > 0
    join workflow.topology t on t.epoch = p.tenure and t.value ->> 'kind' = 'takeover'
   where p.member_id = workflow.own_member()
   order by p.placement_group
   limit 1000`;

const OPEN_COMMANDS = `
  (select c.command_id, c.command, c.state, c.arguments, c.requested_by
     from workflow.region_commands c
    where c.finished_at is null and c.command <> 'register'
    order by c.requested_at
    limit 100)
   union all
  (select c.command_id, c.command, c.state, c.arguments, c.requested_by
     from workflow.region_commands c
    where c.finished_at is null and c.command = 'register'
    order by c.state = 'working', c.requested_at
    limit 100)`;

export class RegionReader {
  constructor(private readonly db: Database) {}

  /** Null: this region belongs to no mesh. */
  async mesh(): Promise<MeshRow | null> {
    const [row] = await this.db.query<MeshRow>(
      `select m.mesh_id, m.region, i.member_id, m.last_epoch, m.member_epoch, m.stopped_reason from workflow.mesh m, workflow.installation i`,
      [],
      'mesh',
    );
    return row ?? null;
  }

  /** All that are not gone, by name. */
  members(): Promise<MeshMember[]> {
    return this.db.query<MeshMember>(
      `select m.member_id, m.region, m.zone, m.state, m.addresses from workflow.region_members m where m.state <> 'gone' order by m.region`,
      [],
      'mesh_members',
    );
  }

  /** Every group; a thousand or so, and as many more as tenants have groups of their own. */
  placement(): Promise<PlacedGroup[]> {
    return this.db.query<PlacedGroup>(
      `select p.placement_group as group, coalesce(r.residency, split_part(p.placement_group, '/', 1)) as zone, p.member_id
         from workflow.placement p left join workflow.tenant_registry r on r.own_group = p.placement_group`,
      [],
      'placement',
    );
  }

  seals(): Promise<SealRow[]> {
    return this.db.query<SealRow>(
      `select s.member_id, s.epoch, s.deposed_epoch, s.ranks is not null as counts from workflow.region_seals s`,
      [],
      'seals',
    );
  }

  async grants(): Promise<GrantRows> {
    const rows = await this.db.query<GrantCount & { serverStartedAt: Date }>(
      `select pg_catalog.pg_postmaster_start_time() as server_started_at, g.member_id, g.grants, g.live_calls, g.lease_ms
         from (select) one left join workflow.lease_grants g on true`,
      [],
      'grants',
    );
    return { serverStartedAt: rows[0]!.serverStartedAt, counts: rows.filter(({ memberId }) => memberId !== null) };
  }

  /** home_of: of each tenant once; all but `tenantId` null where it has no home (a mesh with zones that does not know it). */
  homeOf(tenants: readonly string[]): Promise<HomeRow[]> {
    return this.db.callSql<HomeRow>('home_of', [tenants]);
  }

  /** lease_left_ms: for how long this region may go on executing; null: not at all. */
  async leaseLeftMs(): Promise<number | null> {
    const [row] = await this.db.callSql<{ leaseLeftMs: number | null }>('lease_left_ms', []);
    return row!.leaseLeftMs;
  }

  /**
   * groups_to_return: groups that are at home here and belong to others, each with the one of these members that had it first; `planned`: also what the home
   * before gave away by a plan.
   */
  groupsToReturn(members: readonly string[], { planned }: { planned: boolean }): Promise<GroupToReturn[]> {
    return this.db.callSql<GroupToReturn>('groups_to_return', [members, planned]);
  }

  /** tenants_to_split: of these tenants those that this region may give groups of their own now; default: those that want one for their fallback regions. */
  async tenantsToSplit(tenants: readonly string[] | null = null): Promise<string[]> {
    const rows = await this.db.callSql<{ tenantsToSplit: string }>('tenants_to_split', [tenants]);
    return rows.map(({ tenantsToSplit: tenant }) => tenant);
  }

  /** Of these tenants those whose fallback regions wait for groups of their own. */
  async waitingForGroups(tenants: readonly string[]): Promise<string[]> {
    const rows = await this.db.query<{ tenantId: string }>(WAITING_FOR_GROUPS, [tenants], 'waiting_for_groups');
    return rows.map(({ tenantId }) => tenantId);
  }

  /** Of these members those that joined the mesh and never lost a group (of more than one tenant) since. */
  async newcomers(among: readonly string[]): Promise<string[]> {
    const rows = await this.db.query<{ memberId: string }>(NEWCOMERS, [among], 'newcomers');
    return rows.map(({ memberId }) => memberId);
  }

  /** Tenants' own groups that a takeover gave to this region, with their fallback regions; a thousand at most. */
  wonWithFallbacks(): Promise<WonGroup[]> {
    return this.db.query<WonGroup>(WON_WITH_FALLBACKS, [], 'won_with_fallbacks');
  }

  /** Something that this region wants in the log is not there yet. */
  async hasOpenWishes(): Promise<boolean> {
    const rows = await this.db.query(`select from workflow.log_wishes w where w.epoch is null limit 1`, [], 'open_wishes');
    return rows.length > 0;
  }

  /**
   * What operators asked for and is not over, oldest first; then registrations, of which there may be thousands that wait for another region: those that are
   * not in the log first. At most 100 of each.
   */
  openCommands(): Promise<RegionCommandRow[]> {
    return this.db.query<RegionCommandRow>(OPEN_COMMANDS, [], 'region_commands');
  }
}
