// The monitors of a mesh in this process: one per region, each over its own pool and calling the others as region_peer. Databases and single directions
// between regions can be cut.
import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '@singularity-workflow/testkit';
import { LeaderDuties } from '../../src/leadership/index.js';
import {
  homeDuties,
  type ListedRegion,
  Peers,
  type PeersOptions,
  type RegionDuties,
  regionDuties,
  tellRegionEvents,
  type WishSource,
} from '../../src/regions/index.js';
import {
  Database,
  DecisionStore,
  EntitySource,
  HomeStore,
  LeaseReader,
  LeaseStore,
  type MeshMember,
  Wakeups,
} from '../../src/store/index.js';
import { RecordingLogger } from './recording-logger.js';

export interface Timing {
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly marginMs: number;
}

/** Short enough to wait for, and long enough that nobody is suspected because the machine stood still for a few seconds. */
export const TIMING: Timing = { heartbeatMs: 150, leaseMs: 5_000, marginMs: 1_000 };

/** Of a login whose transactions end before such a lease does. */
export const TRANSACTION_TIMEOUT = `${TIMING.leaseMs - 500}ms`;

/** Databases of a mesh, on one server or on several. */
export interface Watched {
  readonly regions: readonly { readonly region: string; readonly zone: string; readonly db: TestDatabase }[];
  at(region: string): { readonly db: TestDatabase };
}

export interface MonitorsOptions {
  /** Moves, adoption and the ledger too. Default: decisions only. */
  readonly homes?: boolean;
  readonly failbackAfterMs?: number;
}

const LEASE_TTL_MS = 15_000;
const LAG_BYTES_MAX = 1_000_000_000;

/** Calls to regions that are cut off are not sent. */
class CuttablePeers extends Peers {
  constructor(
    options: PeersOptions,
    private readonly isCut: (to: string) => boolean,
  ) {
    super(options);
  }

  override at(member: Pick<MeshMember, 'region' | 'addresses'>): DecisionStore | null {
    return this.isCut(member.region) ? null : super.at(member);
  }
}

export interface Monitor {
  readonly region: string;
  readonly logger: RecordingLogger;
  readonly regions: RegionDuties;
  stop(): Promise<void>;
}

export class Monitors {
  private readonly running = new Map<string, Monitor>();
  private readonly down = new Set<string>();
  /** `from>to`: calls that are not sent. */
  readonly cuts = new Set<string>();

  constructor(
    private readonly mesh: Watched,
    private readonly timing: Timing,
    private readonly options: MonitorsOptions = {},
  ) {}

  get listed(): ListedRegion[] {
    return this.mesh.regions.map(({ region, zone, db }) => ({ id: region, zone, database: db.url('region_peer') }));
  }

  async startAll(): Promise<void> {
    for (const { region } of this.mesh.regions) await this.start(region);
  }

  async start(region: string, more: { listed?: ListedRegion[]; wishes?: WishSource[] } = {}): Promise<Monitor> {
    const { db } = this.mesh.at(region);
    await db.sql('delete from workflow.leases');
    const logger = new RecordingLogger();
    const database = new Database({ url: db.url('workflow_monitor'), poolSize: 6, acquireTimeoutMs: 1_000, queryTimeoutMs: 5_000 });
    const listed = more.listed ?? this.listed;
    const options = { own: new DecisionStore(database), region, regions: listed, callMs: 1_000, logger };
    const peers = new CuttablePeers(options, (to) => this.cuts.has(`${region}>${to}`));
    const { wishes } = more;
    const regions = regionDuties({
      database,
      region,
      regions: listed,
      ...this.timing,
      retireAfterMs: 3_600_000,
      drainMs: 100,
      failbackAfterMs: this.options.failbackAfterMs ?? null,
      rebalances: false,
      logger,
      peers,
      ...(wishes === undefined ? {} : { wishes }),
    });
    const wakeups = new Wakeups({ url: db.url('workflow_monitor') });
    const homes = homeDuties({
      homes: new HomeStore(database),
      logger,
      notify: (queues) => wakeups.notify(queues),
      listen: (woken, onWake) => void wakeups.listen(woken, onWake),
      belief: regions.belief,
      maxLagBytes: LAG_BYTES_MAX,
    });
    const told = tellRegionEvents({ events: new LeaseReader(new EntitySource(database)), logger });
    const duties = new LeaderDuties({
      lease: 'failover-monitor',
      holder: randomUUID(),
      ttlMs: LEASE_TTL_MS,
      leases: new LeaseStore(database),
      duties: [...regions.duties, ...(this.options.homes ? homes : []), told],
      logger,
    });
    duties.start();
    const monitor: Monitor = {
      region,
      logger,
      regions,
      stop: async () => {
        this.running.delete(region);
        await duties.stop();
        await regions.close();
        await wakeups.close();
        await database.close();
      },
    };
    this.running.set(region, monitor);
    return monitor;
  }

  at(region: string): Monitor {
    return this.running.get(region)!;
  }

  /** Both ways, from one to all others. */
  isolate(region: string): void {
    for (const other of this.mesh.regions) {
      if (other.region === region) continue;
      this.cuts.add(`${region}>${other.region}`).add(`${other.region}>${region}`);
    }
  }

  heal(): void {
    this.cuts.clear();
  }

  /** The database of a region lets nobody in any more, its own monitor neither. The others are on the same server. */
  async takeDown(region: string): Promise<void> {
    const { db } = this.mesh.at(region);
    const admin = this.mesh.regions.find((other) => other.region !== region)!.db;
    await admin.sql(`alter database ${db.name} allow_connections false`);
    this.down.add(region);
    await admin.sql('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [db.name]);
  }

  async bringUp(region: string): Promise<void> {
    const admin = this.mesh.regions.find((other) => other.region !== region)!.db;
    await admin.sql(`alter database ${this.mesh.at(region).db.name} allow_connections true`);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running.values()].map((monitor) => monitor.stop()));
    this.heal();
    for (const region of this.down) await this.bringUp(region);
  }
}

export interface Place {
  readonly region: string;
  readonly groups: number;
  readonly tenure: number;
}

/** How many groups each region has, at the log of `at`. */
export async function placesAt(mesh: Watched, at: string): Promise<Record<string, number>> {
  const rows = await mesh
    .at(at)
    .db.sql<Place>('select region, count(*)::int as groups from workflow.placement group by region order by region');
  return Object.fromEntries(rows.map(({ region, groups }) => [region, groups]));
}

export async function epochAt(mesh: Watched, at: string): Promise<number> {
  const [row] = await mesh.at(at).db.sql<{ epoch: number }>('select coalesce(max(epoch), 0) as epoch from workflow.topology');
  return row!.epoch;
}

export async function leftMsAt(mesh: Watched, at: string): Promise<number | null> {
  return (await mesh.at(at).db.call<{ lease_left_ms: number | null }>('lease_left_ms'))[0]!.lease_left_ms;
}

/** The log of every region, as far as all of them know it, is the same. */
export async function logsAgree(mesh: Watched, among: readonly string[]): Promise<boolean> {
  const logs = await Promise.all(
    among.map(async (region) => JSON.stringify(await mesh.at(region).db.sql('select epoch, value from workflow.topology order by epoch'))),
  );
  return new Set(logs).size === 1;
}
