// Several regions of the bench as one mesh. They find each other by themselves, as in production; what the bench adds is that it knows when they are ready,
// and that their monitors rest while somebody else is measured. (All at once: whoever is back counts from then on, and suspects nobody.)
import { until } from '../measure/clock.js';
import type { Peer } from '../peers/peer.js';
import type { Shape } from '../shape.js';
import { type Place, Region } from './region.js';

const READY_LIMIT_MS = 120_000;
const LOOK_EVERY_MS = 20;
const TENANTS_LOOKED_AT = 2_000;
const KNOWN = 'select count(*) from workflow.workflow_versions';
/** Of each home: batches are mixed, as those of an installation are. */
export const TENANTS = 20;

export interface MeshOptions {
  readonly linked: boolean;
  readonly peer: Peer;
  readonly shape: Shape;
}

export class Mesh {
  private constructor(readonly regions: readonly Region[]) {}

  /**
   * Every place a member of one mesh, with its lease, and with runs of this shape known; with `linked` all links are whole. Monitors rest afterwards.
   * A definition must have arrived elsewhere before the mesh takes it; where nothing arrives it is there before the mesh is.
   */
  static async found(places: readonly Place[], { linked, peer, shape }: MeshOptions): Promise<Mesh> {
    const register = async (): Promise<void> => {
      for (const { url } of places) await (await peer.feeder({ url, shape, settings: peer.settings })).close();
    };
    if (!linked) await register();
    const mesh = new Mesh(await Region.open(places));
    try {
      for (const region of mesh.regions) region.wake({ linking: linked });
      await mesh.untilLive();
      if (linked) {
        await mesh.all('all links are whole', (region) => region.isLinked(places.length - 1));
        await register();
        await mesh.all('the definition is decided', async ({ sql }) => (await sql.number(KNOWN)) > 0);
      }
      await mesh.rest();
      return mesh;
    } catch (error) {
      await mesh.close();
      throw error;
    }
  }

  at(index: number): Region {
    return this.regions[index]!;
  }

  /** Every region has its lease, and a monitor that keeps it. */
  async live(): Promise<void> {
    for (const region of this.regions) region.wake({ linking: false });
    await this.untilLive();
  }

  async rest(): Promise<void> {
    await Promise.all(this.regions.map((region) => region.rest()));
  }

  /** Some who are at home there. */
  async tenantsOf({ sql, memberId }: Region): Promise<string[]> {
    const rows = await sql.rows<{ tenant: string }>(
      `select h.tenant_id as tenant from workflow.home_of(array(select 'bench-' || i from generate_series(1, $1) i)) h where h.member_id = $2
        order by tenant limit $3`,
      [TENANTS_LOOKED_AT, memberId, TENANTS],
    );
    return rows.map(({ tenant }) => tenant);
  }

  async close(): Promise<void> {
    await Promise.all(this.regions.map((region) => region.close()));
  }

  private untilLive(): Promise<void> {
    return this.all('every region has its lease', (region) => region.isLive());
  }

  private all(what: string, isSo: (region: Region) => Promise<boolean>): Promise<void> {
    const check = async (): Promise<boolean> => (await Promise.all(this.regions.map(isSo))).every((one) => one);
    return until(what, check, { everyMs: LOOK_EVERY_MS, limitMs: READY_LIMIT_MS });
  }
}
