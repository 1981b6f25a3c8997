// A region of the bench: a database with the logins that a mesh needs, and a monitor in this process that keeps its lease, decides with the others and makes
// its links, by the duties that the failover-monitor has. It works while it is told to: in the rounds of others nothing of it runs.
import { randomUUID } from 'node:crypto';
import {
  Database,
  DecisionStore,
  type Duty,
  ensureRegionPeer,
  ensureReplication,
  ensureServiceLogins,
  ensureTransactionTimeout,
  LeaderDuties,
  LeaseStore,
  LinkPeer,
  type ListedRegion,
  MeshReader,
  MeshReconciler,
  MeshStore,
  Peers,
  regionDuties,
  RegionReader,
  type RegionDuties,
  RegionStore,
  type ServiceRole,
  silentLogger,
} from '@singularity-workflow/core';
import { Sql } from '../database.js';

/** The defaults of REGION_HEARTBEAT_MS and REGION_LEASE_MARGIN_MS. A long lease: a machine that is full must not lose it, and what it costs is the same. */
const TIMING = { heartbeatMs: 1_000, leaseMs: 30_000, marginMs: 2_500 };
export const MONITOR_LEASE = 'failover-monitor';
const MONITOR_LEASE_MS = 5_000;
const CALL_MS = 5_000;
const PASSWORD = 'a-password-for-the-bench';
const NEVER_MS = 3_600_000;

export interface Place {
  readonly region: string;
  /** A superuser's address of its database. */
  readonly url: string;
  /** Of its server; null where it cannot be seen. */
  readonly postmasterPid: number | null;
}

export class Region {
  readonly region: string;
  readonly database: Database;
  readonly duties: RegionDuties;
  private readonly peers: Peers;
  private readonly reconciler: MeshReconciler;
  private monitor: LeaderDuties | null = null;

  private constructor(
    readonly place: Place,
    readonly memberId: string,
    /** As superuser. */
    readonly sql: Sql,
    readonly logins: Readonly<Record<ServiceRole, string>>,
    listed: readonly (ListedRegion & { readonly replication: string })[],
  ) {
    const { region } = place;
    this.region = region;
    this.database = new Database({ url: logins.monitor, poolSize: 6, applicationName: 'bench monitor' });
    this.peers = new Peers({ own: new DecisionStore(this.database), region, regions: listed, callMs: CALL_MS, logger: silentLogger });
    const { database, peers } = this;
    const more = { retireAfterMs: NEVER_MS, drainMs: 500, failbackAfterMs: null, rebalances: false, logger: silentLogger };
    this.duties = regionDuties({ database, region, regions: listed, ...TIMING, ...more, peers });
    this.reconciler = new MeshReconciler({
      reader: new MeshReader(database),
      store: new MeshStore(database),
      addresses: new Map(listed.map(({ id, replication }) => [id, replication])),
      connect: (url) => new LinkPeer(url),
      logger: silentLogger,
    });
  }

  /** What its database needs before anybody knows of the others. The place is a copy of a template: it must become a member of its own. */
  static async prepare({ url }: Place): Promise<{ logins: Record<ServiceRole, string>; memberId: string; sql: Sql }> {
    const logins = await ensureServiceLogins({ adminUrl: url });
    await ensureReplication({ adminUrl: url, password: PASSWORD });
    await ensureRegionPeer({ adminUrl: url, password: PASSWORD });
    await ensureTransactionTimeout({ adminUrl: url, leaseMs: TIMING.leaseMs });
    const sql = new Sql(url);
    const memberId = randomUUID();
    await sql.run('update workflow.installation set member_id = $1', [memberId]);
    return { logins, memberId, sql };
  }

  /** All places at once, each told of the others. */
  static async open(places: readonly Place[]): Promise<Region[]> {
    const listed = places.map(({ region, url }) => ({
      id: region,
      zone: 'global',
      database: addressOf(url, 'region_peer'),
      replication: addressOf(url, 'region_replicator'),
    }));
    const prepared: Region[] = [];
    for (const place of places) {
      const { logins, memberId, sql } = await Region.prepare(place);
      prepared.push(new Region(place, memberId, sql, logins, listed));
    }
    return prepared;
  }

  /** Its monitor works from now on. `linking`: it looks after its links too. */
  wake({ linking }: { readonly linking: boolean }): void {
    const mesh: Duty = { name: 'mesh', intervalMs: TIMING.heartbeatMs, tick: (token) => this.reconciler.round(token) };
    this.monitor = new LeaderDuties({
      lease: MONITOR_LEASE,
      holder: randomUUID(),
      ttlMs: MONITOR_LEASE_MS,
      leases: new LeaseStore(this.database),
      duties: linking ? [...this.duties.duties, mesh] : this.duties.duties,
      logger: silentLogger,
    });
    this.monitor.start();
  }

  async rest(): Promise<void> {
    await this.monitor?.stop();
    this.monitor = null;
  }

  /** It belongs to a mesh and has its lease. */
  async isLive(): Promise<boolean> {
    const [row] = await this.sql.rows<{ live: boolean }>(
      'select exists (select from workflow.mesh) and workflow.lease_left_ms() is not null as live',
    );
    return row!.live;
  }

  /** Its links with all `others`, both ways, as it knows. */
  async isLinked(others: number): Promise<boolean> {
    const reader = new MeshReader(this.database);
    const [links, slots] = await Promise.all([reader.links(), reader.slots()]);
    const incoming = links.filter(({ whole, enabled }) => whole && enabled).length;
    return incoming === others && slots.filter(({ whole, healthy, active }) => whole && healthy && active).length === others;
  }

  /** What a proposer needs, for who decides by hand. */
  get deciding(): { readonly peers: Peers; readonly regions: RegionStore; readonly reader: RegionReader } {
    return { peers: this.peers, regions: new RegionStore(this.database), reader: new RegionReader(this.database) };
  }

  async close(): Promise<void> {
    await this.rest();
    await Promise.all([this.reconciler.close(), this.duties.close()]);
    await Promise.all([this.database.close(), this.sql.close()]);
  }
}

function addressOf(url: string, login: string): string {
  const address = new URL(url);
  address.username = login;
  address.password = PASSWORD;
  return address.href;
}
