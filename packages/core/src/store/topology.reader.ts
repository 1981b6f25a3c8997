// What a region's own database says about homes, members, the log, and what guarded apply kept: for whoever looks from outside (the routers). Nothing here
// is decided by; the decision plane has readers of its own.
import type { TopologyValue } from '../domain/index.js';
import type { Database } from './database.js';
import * as texts from './topology.reads.js';

/** The home of a tenant, as this region knows it. */
export interface TenantHome {
  readonly tenantId: string;
  readonly placementGroup: string | null;
  /** Null: one region alone; or, with a null member, nobody (a mesh with zones that does not know the tenant). */
  readonly region: string | null;
  readonly memberId: string | null;
  readonly tenure: number | null;
  /** This region. */
  readonly here: boolean;
  readonly zone: string;
  /** All that was committed at the home before is here; null: nothing is known, or the home is here. By the home's clock. */
  readonly asOf: Date | null;
}

export interface TenantRow extends TenantHome {
  /** In the registry. */
  readonly registered: boolean;
  readonly ownGroup: boolean;
  readonly fallbackRegions: string[];
  readonly defaultDurability: 'local' | 'quorum';
}

export interface MeshState {
  readonly meshId: string;
  readonly region: string;
  readonly hasZones: boolean;
  readonly lastEpoch: number;
  readonly memberEpoch: number;
  readonly foundedAt: Date;
  readonly stoppedReason: string | null;
}

export interface MemberRow {
  readonly memberId: string;
  readonly region: string;
  readonly zone: string;
  readonly state: string;
  readonly here: boolean;
  readonly groups: number;
  /** Of this region: until when its lease is good; of another, null. */
  readonly leaseExpiresAt: Date | null;
  /** Of this region: by its own clock, in ms; null: it has none. */
  readonly leaseLeftMs: number | null;
  /** Of another: when it was granted its lease last from here, and whether it said then that it has one. */
  readonly grantedAt: Date | null;
  readonly leaseLive: boolean;
  readonly reachedAt: Date | null;
  readonly suspected: boolean;
  readonly sealedAt: Date | null;
  /** All that was committed there before is here. */
  readonly asOf: Date | null;
}

export interface MovingGroup {
  readonly placementGroup: string;
  readonly target: string;
  readonly mark: string;
  readonly markedAt: Date;
}

export interface LogRow {
  readonly epoch: number;
  readonly value: TopologyValue;
  readonly decidedAt: Date;
  readonly learnedAt: Date;
}

export interface CommandOfRegions {
  readonly commandId: string;
  readonly command: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly state: 'requested' | 'working' | 'done' | 'failed';
  readonly requestedBy: string | null;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  readonly outcome: string | null;
}

export interface ConflictSummary {
  readonly conflictId: number;
  readonly at: Date;
  readonly sender: string;
  readonly tableName: string;
  readonly kind: string;
  readonly runId: string | null;
  readonly incomingEpoch: number | null;
  readonly storedEpoch: number | null;
}

export interface ConflictRow extends ConflictSummary {
  readonly incoming: unknown;
  readonly stored: unknown;
}

export interface ConflictPage {
  readonly before?: number | undefined;
  readonly limit: number;
  readonly kind?: string | undefined;
  readonly runId?: string | undefined;
}

export class TopologyReader {
  constructor(private readonly db: Database) {}

  /** Each tenant once. */
  homes(tenants: readonly string[]): Promise<TenantHome[]> {
    return this.db.query<TenantHome>(texts.HOMES, [tenants], 'homes');
  }

  /** Of what time this region's copy of everybody's runs is, at least; null: it is not known of some home. */
  async copiesAsOf(): Promise<{ asOf: Date | null; foreign: boolean }> {
    const [row] = await this.db.query<{ asOf: Date | null; foreign: boolean }>(texts.COPIES_AS_OF, [], 'copies_as_of');
    return row!;
  }

  /** Null: no copy of such a run is here. */
  async tenantOfRun(runId: string): Promise<string | null> {
    const [row] = await this.db.query<{ tenantId: string }>(texts.TENANT_OF_RUN, [runId], 'tenant_of_run');
    return row?.tenantId ?? null;
  }

  /** A version, or the active one, that the log has, or that this region wants in it: its definition is on its way here, or the decision is. */
  async expectsVersion(slug: string, version: number | null): Promise<boolean> {
    return (await this.db.query(texts.EXPECTED_VERSION, [slug, version], 'expected_version')).length > 0;
  }

  /** This region wants something about the definition or the key in the log, and it is not decided yet. */
  async isWished(about: { readonly definitionId: string } | { readonly keyId: string }): Promise<boolean> {
    const id = 'keyId' in about ? about.keyId : about.definitionId;
    return (await this.db.query(texts.OPEN_WISH, [id], 'open_wish')).length > 0;
  }

  /** Of a run, or of a submission that waits for its home. Null: neither is here. */
  async tenantOfSubmission(runId: string): Promise<string | null> {
    const [row] = await this.db.query<{ tenantId: string }>(texts.TENANT_OF_SUBMISSION, [runId], 'tenant_of_submission');
    return row?.tenantId ?? null;
  }

  async tenant(tenantId: string): Promise<TenantRow> {
    const [row] = await this.db.query<TenantRow>(texts.TENANT, [tenantId], 'tenant');
    return row!;
  }

  /** Null: one region alone. */
  async mesh(): Promise<MeshState | null> {
    return (await this.db.query<MeshState>(texts.MESH, [], 'mesh_state'))[0] ?? null;
  }

  /** By name; none that is gone. */
  members(): Promise<MemberRow[]> {
    return this.db.query<MemberRow>(texts.MEMBERS, [], 'member_rows');
  }

  /** At most 1,000. */
  moving(): Promise<MovingGroup[]> {
    return this.db.query<MovingGroup>(texts.MOVING, [], 'moving_groups');
  }

  /** Newest first. */
  log({ before, limit }: { before?: number | undefined; limit: number }): Promise<LogRow[]> {
    return this.db.query<LogRow>(texts.LOG, [before, limit], 'topology_log');
  }

  /** Names of all members there ever were, by id. */
  async names(): Promise<Map<string, string>> {
    const rows = await this.db.query<{ memberId: string; region: string }>(texts.NAMES, [], 'member_names');
    return new Map(rows.map(({ memberId, region }) => [memberId, region]));
  }

  async command(commandId: string): Promise<CommandOfRegions | null> {
    return (await this.db.query<CommandOfRegions>(texts.COMMAND, [commandId], 'region_command'))[0] ?? null;
  }

  /** Newest first, without the rows themselves. */
  conflicts({ before, limit, kind, runId }: ConflictPage): Promise<ConflictSummary[]> {
    return this.db.query<ConflictSummary>(texts.CONFLICTS, [before, limit, kind, runId]);
  }

  async conflict(conflictId: number): Promise<ConflictRow | null> {
    return (await this.db.query<ConflictRow>(texts.CONFLICT, [conflictId], 'conflict'))[0] ?? null;
  }
}
