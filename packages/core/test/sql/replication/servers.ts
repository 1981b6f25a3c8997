// Three servers with links between all of them, and what a story needs of them.
import { applyErrors, MeshServers, type MeshLink, type ServerSettings } from '@singularity-workflow/testkit';
import { differences } from './region.js';
import { REPLICATED_TABLES, STORY_SQL } from './story.sql.js';

type Row = Record<string, unknown>;

export class Servers {
  private constructor(
    readonly mesh: MeshServers,
    private made: MeshLink[],
  ) {}

  static async start(count: number, settings: ServerSettings = {}): Promise<Servers> {
    const mesh = await MeshServers.start(count, settings);
    for (const db of mesh.databases) await db.sql(STORY_SQL);
    return new Servers(mesh, await mesh.linkAll());
  }

  get links(): readonly MeshLink[] {
    return this.made;
  }

  /** All rows away, everywhere: a deletion does not travel, and what is under way arrives before. */
  async empty(): Promise<void> {
    for (const link of this.made) await link.heal();
    await this.mesh.drain();
    const tables = [...REPLICATED_TABLES, 'lost_runs', 'replication_conflicts'].map((table) => `workflow.${table}`);
    for (const db of this.mesh.databases) await db.sql(`truncate ${tables.join(', ')}`);
  }

  /** The link is made anew, by a copy over what is there. */
  async remake(at: number): Promise<void> {
    const old = this.made[at]!;
    await old.heal();
    await this.mesh.unlink(old);
    const [from, to] = [old.from, old.to].map((end) => this.mesh.servers.find(({ shortId }) => shortId === end.shortId)!);
    this.made = this.made.with(at, await this.mesh.link(from!, to!, { copyData: true }));
  }

  async rest(): Promise<void> {
    for (const link of this.made) await link.heal();
    await this.mesh.drain();
  }

  differences(): Promise<string[]> {
    return differences(
      this.mesh.servers.map(({ shortId, db }) => ({
        name: shortId,
        rowsOf: async (table) =>
          (await db.sql<{ r: Row }>(`select to_jsonb(t) as r from workflow.${table} t order by to_jsonb(t)::text`)).map(({ r }) => r),
      })),
    );
  }

  /** Of all links together. */
  async applyErrors(): Promise<number> {
    const errors = await Promise.all(this.mesh.databases.map(applyErrors));
    return errors.reduce((sum, count) => sum + count, 0);
  }

  close = (): Promise<void> => this.mesh.close();
}
