// Calls of the SQL functions that make, change and drop links of the mesh, in the region's own database.
import { subscriptionOf } from '../domain/index.js';
import type { Database } from './database.js';

export interface LinkSettings {
  /** A libpq address with its password; nobody can read it back. */
  readonly address: string;
  readonly sha256: string;
  readonly commit: 'on' | 'off';
}

export class MeshStore {
  constructor(private readonly db: Database) {}

  /** note_peer: what the peer's database said of itself. */
  async notePeer(token: number, memberId: string, report: object): Promise<void> {
    await this.db.callSql('note_peer', [token, memberId, report]);
  }

  /** publish_to: makes the publication, or sets it to the contract of that schema version. */
  async publish(token: number, memberId: string, version: number): Promise<void> {
    await this.db.callSql('publish_to', [token, memberId, version]);
  }

  /** unpublish: drops the publication to a former member. */
  async unpublish(token: number, publication: string): Promise<void> {
    await this.db.callSql('unpublish', [token, publication]);
  }

  /** make_link: the subscription, disabled and without tables. */
  async makeLink(token: number, memberId: string, link: LinkSettings & { slot: string; generation: number }): Promise<void> {
    await this.db.callSql('make_link', [token, memberId, link]);
  }

  /** readdress_link */
  async readdressLink(token: number, memberId: string, link: LinkSettings): Promise<void> {
    await this.db.callSql('readdress_link', [token, memberId, link]);
  }

  /** drop_link: by the subscription's name, for its member may be forgotten. */
  async dropLink(token: number, subscription: string, reachable: boolean): Promise<void> {
    await this.db.callSql('drop_link', [token, subscription, reachable]);
  }

  /** unseal: enables the link unless it is sealed. */
  async unseal(token: number, memberId: string): Promise<boolean> {
    const [row] = await this.db.callSql<{ unseal: boolean }>('unseal', [token, memberId]);
    return row?.unseal ?? false;
  }

  /** note_copied */
  async noteCopied(token: number, memberId: string, position: string): Promise<boolean> {
    const [row] = await this.db.callSql<{ noteCopied: boolean }>('note_copied', [token, memberId, position]);
    return row?.noteCopied ?? false;
  }

  /** note_whole */
  async noteWhole(token: number, memberId: string, { slot, confirmed }: { slot: string; confirmed: string }): Promise<boolean> {
    const [row] = await this.db.callSql<{ noteWhole: boolean }>('note_whole', [token, memberId, slot, confirmed]);
    return row?.noteWhole ?? false;
  }

  /**
   * Takes the tables that the peer's publication has and the link has not, and copies them. PostgreSQL does this outside a transaction only, hence not
   * in a function: as workflow_owner, whose the subscription is, on a connection that is thrown away. It waits for the peer, and holds no lease.
   */
  async refresh({ me, them }: { me: string; them: string }): Promise<void> {
    const connection = await this.db.connect();
    try {
      await connection.query('set role workflow_owner');
      await connection.query(`alter subscription ${subscriptionOf(me, them)} refresh publication with (copy_data = true)`);
    } finally {
      connection.release(true);
    }
  }
}
