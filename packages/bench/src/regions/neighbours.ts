// A mesh of regions that share a server, a database each, without links: enough for what is decided among them, and for what one of them checks of itself.
import type { Shape } from '../shape.js';
import type { Stand } from '../workloads/workload.js';
import { Mesh } from './mesh.js';

export class Neighbours {
  private constructor(
    private readonly stand: Stand,
    readonly mesh: Mesh,
    private readonly urls: readonly string[],
  ) {}

  /** `count` of them; the first has the database of the stand. */
  static async open(stand: Stand, count: number, shape: Shape): Promise<Neighbours> {
    const urls: string[] = [];
    try {
      while (urls.length < count - 1) urls.push(await stand.server.databaseFor(stand.peer));
      const { postmasterPid } = stand;
      const places = [stand.url, ...urls].map((url, at) => ({ region: `region-${at + 1}`, url, postmasterPid }));
      return new Neighbours(stand, await Mesh.found(places, { linked: false, peer: stand.peer, shape }), urls);
    } catch (error) {
      for (const url of urls) await stand.server.drop(url);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.mesh.close();
    for (const url of this.urls) await this.stand.server.drop(url);
  }
}
