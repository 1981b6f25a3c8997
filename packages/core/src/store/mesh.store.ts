// Calls of the SQL functions that make, change and drop links of the mesh, in the region's own database.
import { STANDBY_SETTING, type StandbySlots, subscriptionOf, WorkflowError } from '../domain/index.js';
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

  /** drop_link: by the subscription's name, for its member may be forgotten. `reason`: of the sentence in failover_events. */
  async dropLink(
    token: number,
    { subscription, reachable, reason }: { subscription: string; reachable: boolean; reason: string },
  ): Promise<void> {
    await this.db.callSql('drop_link', [token, subscription, reachable, reason]);
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
   * Has the server wait for these slots of standbys, and for no others, before it sends anything to a peer (R17), and tells it (note_standby_slots) once the
   * setting counts. PostgreSQL changes settings outside a transaction only, so no lease is held meanwhile: a monitor that dies in between has told nothing, and
   * one that leads no more has set what the next one sets right.
   * Throws `invalid_config` where the setting does not count.
   */
  async setStandbySlots(token: number, { former, slots, sentence }: StandbySlots): Promise<void> {
    const value = slots.join(', ');
    const connection = await this.db.connect();
    let done = false;
    try {
      const names = slots.map((slot) => `'${slot.replaceAll("'", "''")}'`).join(', ');
      await connection.query(`alter system set ${STANDBY_SETTING} = ${names === '' ? "''" : names}`);
      await connection.query('select pg_catalog.pg_reload_conf()');
      await reloaded(connection, value);
      done = true;
    } finally {
      connection.release(!done);
    }
    await this.db.callSql('note_standby_slots', [token, former, value, sentence]);
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

const RELOAD_LOOKS_MAX = 200;
const RELOAD_LOOK_MS = 10;

/** A server takes a setting up a moment after it was told to: whoever looks sooner would set it again. Throws `invalid_config` where it does not. */
async function reloaded(connection: Awaited<ReturnType<Database['connect']>>, value: string): Promise<void> {
  for (let looks = 0; looks < RELOAD_LOOKS_MAX; looks += 1) {
    const { rows } = await connection.query(`select current_setting('${STANDBY_SETTING}') as value`);
    if ((rows as { value: string }[])[0]!.value === value) return;
    await new Promise((resolve) => setTimeout(resolve, RELOAD_LOOK_MS));
  }
  throw new WorkflowError('invalid_config', `the server does not take ${STANDBY_SETTING} up: it has it from its command line, perhaps`, {
    field: STANDBY_SETTING,
  });
}
