// Regions as servers of their own, each with its logins, its monitor's lease and a reconciler: what makes the links is what makes them in production.
import { randomUUID } from 'node:crypto';
import { MeshServers, type MeshServer, type ServerSettings, type TestDatabase, waitFor } from '@singularity-workflow/testkit';
import type { Logger } from '../../src/domain/index.js';
import { ensureReplication, ensureServiceLogins } from '../../src/migrate/index.js';
import { MeshReconciler } from '../../src/regions/index.js';
import { Database, LinkPeer, MeshReader, MeshStore } from '../../src/store/index.js';
import { RecordingLogger } from './recording-logger.js';

export const REPLICATION_PASSWORD = 'a-password-for-tests';
const LEASE_MS = 600_000;
const LINK_TIMEOUT_MS = 120_000;
const NAMES = ['eu', 'us', 'ap', 'sa'];

export class LinkedRegion {
  readonly logger = new RecordingLogger();
  token = 0;
  monitor!: Database;
  reader!: MeshReader;
  store!: MeshStore;
  reconciler!: MeshReconciler;

  constructor(
    readonly region: string,
    readonly zone: string,
    readonly server: MeshServer,
  ) {}

  get db(): TestDatabase {
    return this.server.db;
  }

  get memberId(): string {
    return this.server.memberId;
  }

  /** The address that other regions' subscriptions connect to. */
  replicationUrl(port?: number): string {
    const url = new URL(this.db.url());
    url.username = 'region_replicator';
    url.password = REPLICATION_PASSWORD;
    if (port !== undefined) url.port = String(port);
    return url.href;
  }

  async prepare(): Promise<void> {
    const { monitor } = await ensureServiceLogins({ adminUrl: this.db.url() });
    await ensureReplication({ adminUrl: this.db.url(), password: REPLICATION_PASSWORD });
    this.monitor = new Database({ url: monitor, poolSize: 4 });
    this.reader = new MeshReader(this.monitor);
    this.store = new MeshStore(this.monitor);
    const [lease] = await this.db.call<{ token: number }>('acquire_lease', ['failover-monitor', randomUUID(), LEASE_MS]);
    this.token = lease!.token;
  }

  /** A new reconciler, as after a restart of the monitor with these addresses. */
  async reconcileBy(addresses: ReadonlyMap<string, string>, logger: Logger = this.logger): Promise<void> {
    await this.reconciler?.close();
    this.reconciler = new MeshReconciler({
      reader: this.reader,
      store: this.store,
      addresses,
      connect: (url) => new LinkPeer(url),
      logger,
    });
  }

  async close(): Promise<void> {
    await this.reconciler?.close();
    await this.monitor?.close();
  }
}

export class LinkedRegions {
  private constructor(
    private readonly servers: MeshServers,
    readonly regions: readonly LinkedRegion[],
  ) {}

  /** `zones`: of the regions eu, us, ap, sa, in this order; those without are `global`. Nobody is in a mesh yet. */
  static async start(
    count: number,
    { settings = {}, zones = [] }: { settings?: ServerSettings; zones?: string[] } = {},
  ): Promise<LinkedRegions> {
    const servers = await MeshServers.start(count, settings);
    const regions = servers.servers.map((server, index) => new LinkedRegion(NAMES[index]!, zones[index] ?? 'global', server));
    const made = new LinkedRegions(servers, regions);
    try {
      for (const region of regions) await region.prepare();
      await made.address();
      return made;
    } catch (error) {
      await made.close();
      throw error;
    }
  }

  at(name: string): LinkedRegion {
    return this.regions.find(({ region }) => region === name)!;
  }

  /** Gives every reconciler its REGIONS; `way` answers the port by which `from` reaches a region. */
  async address(way: (from: string, to: LinkedRegion) => number | undefined = () => undefined): Promise<void> {
    for (const from of this.regions) {
      await from.reconcileBy(new Map(this.regions.map((to) => [to.region, to.replicationUrl(way(from.region, to))])));
    }
  }

  async found(among = this.regions): Promise<void> {
    const members = among.map(({ region, zone, memberId }) => ({ region, zone, member_id: memberId }));
    for (const { db, token, region } of among) await db.call('found_mesh', [token, region, JSON.stringify(members)]);
  }

  /** A decision, as if the mesh had come to it: learned at these regions. */
  async decide(value: object, at: readonly LinkedRegion[] = this.regions): Promise<number> {
    const [last] = await at[0]!.db.sql<{ epoch: number }>('select last_epoch as epoch from workflow.mesh');
    const epoch = last!.epoch + 1;
    for (const { db } of at) await db.sql('select workflow.learn_entry($1, $2, now())', [epoch, JSON.stringify({ version: 1, ...value })]);
    return epoch;
  }

  /** One step of a member (D7), decided at those. */
  async step({ region, zone, memberId }: LinkedRegion, state: string, at: readonly LinkedRegion[] = this.regions): Promise<number> {
    const [last] = await at[0]!.db.sql<{ behind: number }>('select member_epoch as behind from workflow.mesh');
    return this.decide({ kind: 'member', region, member_id: memberId, zone, addresses: {}, state, behind: last!.behind }, at);
  }

  /** Learns the log of another region from its beginning. */
  async join({ db, token, region }: LinkedRegion, from: LinkedRegion): Promise<void> {
    const [log] = await from.db.sql<{ entries: object }>(
      `select jsonb_agg(jsonb_build_object('epoch', t.epoch, 'value', t.value, 'decided_at', t.decided_at) order by t.epoch) as entries from workflow.topology t`,
    );
    await db.call('join_mesh', [token, region, JSON.stringify(log!.entries)]);
  }

  /** Rounds of the reconcilers of these regions until `until` holds. */
  async reconcile(
    until: () => Promise<boolean>,
    { of = this.regions, what }: { of?: readonly LinkedRegion[]; what: string },
  ): Promise<void> {
    const round = async (): Promise<boolean> => {
      for (const { reconciler, token } of of) await reconciler.round(token);
      return until();
    };
    const waiting = () => of.map(({ region, reconciler }) => `${region}: ${reconciler.details().waiting.join('; ')}`).join(' | ');
    await waitFor(round, { until: what, timeoutMs: LINK_TIMEOUT_MS, everyMs: 50 }).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}; ${waiting()}`, { cause: error });
    });
  }

  /** Every link between these regions is whole, as both of its ends know. */
  async link(of: readonly LinkedRegion[] = this.regions): Promise<void> {
    await this.reconcile(async () => (await Promise.all(of.map((one) => this.isLinked(one, of.length - 1)))).every(Boolean), {
      of,
      what: 'all links are whole',
    });
  }

  async isLinked({ reader }: LinkedRegion, peers: number): Promise<boolean> {
    const links = await reader.links();
    const slots = await reader.slots();
    return (
      links.filter(({ whole, enabled }) => whole && enabled).length === peers &&
      slots.filter(({ whole, healthy, active }) => whole && healthy && active).length === peers
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.regions.map((region) => region.close()));
    await this.servers.close();
  }
}
