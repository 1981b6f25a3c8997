// Several PostgreSQL servers of their own, each with a migrated database, and logical replication between them: what a mesh of regions is made of.
// Small: three of them fit two cores and one gigabyte. Links are made by hand, as the mesh would make them; whoever tests the mesh makes none.
import { CrashableServer } from './crashable-server.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { MeshLink } from './mesh-link.js';

export type ServerSettings = Record<string, string | number>;

/** What a region of a small mesh needs, in little memory. Timeouts stay long: a slow machine is no lost link (a test that cuts links shortens them). */
const SETTINGS: ServerSettings = {
  wal_level: 'logical',
  shared_buffers: '32MB',
  max_connections: 60,
  max_wal_size: '256MB',
  max_wal_senders: 20,
  max_replication_slots: 20,
  max_active_replication_origins: 20,
  max_worker_processes: 24,
  max_logical_replication_workers: 20,
  max_sync_workers_per_subscription: 2,
  wal_writer_delay: '10ms',
  wal_retrieve_retry_interval: '200ms',
};

/** One region's server and its database. */
export class MeshServer {
  private constructor(
    readonly server: CrashableServer,
    readonly db: TestDatabase,
    readonly memberId: string,
    /** What it was started with. */
    readonly settings: ServerSettings,
  ) {}

  static async start(settings: ServerSettings): Promise<MeshServer> {
    const all = { ...SETTINGS, ...settings };
    const server = await CrashableServer.start(all);
    try {
      const db = await createTestDatabase(server.url);
      const [own] = await db.sql<{ memberId: string }>('select workflow.own_member() as "memberId"'); // each server has migrated a template of its own
      return new MeshServer(server, db, own!.memberId, all);
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** What the names of publications, slots and subscriptions carry of the member. */
  get shortId(): string {
    return this.memberId.replaceAll('-', '').slice(0, 12);
  }

  async close(): Promise<void> {
    await this.db.closeConnections();
    await this.server.close();
  }
}

export class MeshServers {
  private readonly links: MeshLink[] = [];

  private constructor(readonly servers: readonly MeshServer[]) {}

  static async start(count: number, settings: ServerSettings = {}): Promise<MeshServers> {
    const started = await Promise.allSettled(Array.from({ length: count }, () => MeshServer.start(settings)));
    const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = started.find((one) => one.status === 'rejected');
    if (!failed) return new MeshServers(servers);
    await Promise.all(servers.map((one) => one.close()));
    throw failed.reason;
  }

  get databases(): TestDatabase[] {
    return this.servers.map(({ db }) => db);
  }

  /** A guarded link that brings what `from` writes to `to`: publication, slot, subscription, running. */
  async link(from: MeshServer, to: MeshServer, options: { copyData?: boolean } = {}): Promise<MeshLink> {
    const link = await MeshLink.make(from, to, options);
    this.links.push(link);
    return link;
  }

  async unlink(link: MeshLink): Promise<void> {
    await link.drop();
    this.links.splice(this.links.indexOf(link), 1);
  }

  /** A link for every ordered pair. */
  async linkAll(): Promise<MeshLink[]> {
    const pairs = this.servers.flatMap((from) => this.servers.filter((to) => to !== from).map((to) => [from, to] as const));
    const made: MeshLink[] = [];
    for (const [from, to] of pairs) made.push(await this.link(from, to));
    return made;
  }

  /** Until everything that is written by now anywhere has been applied everywhere. */
  async drain(): Promise<void> {
    await Promise.all(this.links.map((link) => link.drain()));
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((one) => one.close()));
  }
}
