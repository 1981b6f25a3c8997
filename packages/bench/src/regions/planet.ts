// A mesh of regions with a server each, as several regions are: real links between them, guards on. Servers are set like the bench's own, but for what
// replication needs.
import type { Peer } from '../peers/peer.js';
import { Server } from '../server.js';
import { chain } from '../shape.js';
import { Mesh } from './mesh.js';

const NAMES = ['eu', 'us', 'ap'];

/** As docs/region-links.md wants it for two others. */
const SETTINGS = {
  wal_level: 'logical',
  max_wal_senders: 16,
  max_replication_slots: 16,
  max_active_replication_origins: 16,
  max_logical_replication_workers: 12,
  max_worker_processes: 24,
  max_slot_wal_keep_size: '16GB',
  wal_sender_timeout: '10s',
  wal_receiver_timeout: '10s',
  wal_writer_delay: '10ms',
  wal_retrieve_retry_interval: '200ms',
};

export class Planet {
  private constructor(
    private readonly servers: readonly Server[],
    readonly mesh: Mesh,
  ) {}

  /** Three regions, linked. */
  static async start(peer: Peer): Promise<Planet> {
    const started = await Promise.allSettled(NAMES.map((name) => Server.start({ name: `region-${name}`, settings: SETTINGS })));
    const servers = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    try {
      const failed = started.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      const urls = await Promise.all(servers.map((server) => server.databaseFor(peer)));
      const places = servers.map(({ postmasterPid }, at) => ({ region: NAMES[at]!, url: urls[at]!, postmasterPid }));
      return new Planet(servers, await Mesh.found(places, { linked: true, peer, shape: chain(3) }));
    } catch (error) {
      await Promise.all(servers.map((server) => server.stop()));
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.mesh.close();
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}
