// A peer's database as seen over the way that a link to it takes: the address and the login of its subscriptions. Asks what it offers, and makes and
// drops slots there; nothing else may be done with that login.
//
// Limit: one connection, opened at the first question and kept; an answer is waited for at most ANSWER_MS, then the connection is given up.
import { createHash } from 'node:crypto';
import type { SlotSeen } from '../domain/index.js';
import { Database } from './database.js';

const ANSWER_MS = 5_000;

/**
 * Of every connection of a link: broken within about ten seconds where packets are swallowed. connect_timeout would be ignored by an apply worker.
 */
const LIBPQ = { keepalives: '1', keepalives_idle: '5', keepalives_interval: '2', keepalives_count: '3', tcp_user_timeout: '10000' };

export interface PeerOffer {
  memberId: string;
  inRecovery: boolean;
  flushed: string;
  publication: Record<string, string[]> | null;
  slots: SlotSeen[];
  report: { schema: number; links: Record<string, { slot: string; whole: boolean; serves: number | null }> };
}

/** The address as a subscription takes it. */
export function linkAddress(url: string): string {
  const address = new URL(url);
  for (const [name, value] of Object.entries(LIBPQ)) if (!address.searchParams.has(name)) address.searchParams.set(name, value);
  return address.href;
}

export function sha256OfAddress(url: string): string {
  return createHash('sha256').update(linkAddress(url)).digest('hex');
}

export class LinkPeer {
  private readonly db: Database;

  constructor(url: string) {
    this.db = new Database({
      url,
      poolSize: 1,
      acquireTimeoutMs: ANSWER_MS,
      queryTimeoutMs: ANSWER_MS,
      applicationName: 'singularity-workflow mesh',
      prepare: false,
    });
  }

  /** offer_to: what the peer has for this member. Throws `database_unavailable` where it does not answer. */
  async offerTo(memberId: string): Promise<PeerOffer> {
    const [row] = await this.db.callSql<PeerOffer>('offer_to', [memberId]);
    return row!;
  }

  /** Where its log ends now. */
  async flushed(): Promise<string> {
    const [row] = await this.db.query<{ flushed: string }>('select pg_catalog.pg_current_wal_flush_lsn() as flushed');
    return row!.flushed;
  }

  /** A failover slot; false: one of this name stands there. It waits for the transactions that are open there, even when nobody waits for it any more. */
  async makeSlot(name: string): Promise<boolean> {
    const made = await this.db.query(
      `select pg_catalog.pg_create_logical_replication_slot($1, 'pgoutput', false, false, true)
        where not exists (select from pg_catalog.pg_replication_slots s where s.slot_name = $1)`,
      [name],
    );
    return made.length > 0;
  }

  /** False where it is not there, or is in use. */
  async dropSlot(name: string): Promise<boolean> {
    const dropped = await this.db.query(
      'select pg_catalog.pg_drop_replication_slot(s.slot_name) from pg_catalog.pg_replication_slots s where s.slot_name = $1 and not s.active',
      [name],
    );
    return dropped.length > 0;
  }

  async close(): Promise<void> {
    await this.db.close();
  }
}
