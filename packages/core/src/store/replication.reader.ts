// Who copies from the primary, and how far each is behind. Asked at the primary.
import type { Database } from './database.js';

export interface CopyingPeer {
  /** Its slot or, without one, the name it connected with. */
  peer: string;
  kind: 'physical' | 'logical';
  slot: string | null;
  connected: boolean;
  /** Of its sender: `streaming`, `catchup`, ... Null while it is not connected. */
  state: string | null;
  /** What it has not applied, as far as can be seen; null: it never connected, or its slot is lost. */
  lagBytes: number | null;
  /** Log kept for it. */
  retainedBytes: number | null;
  /** The log that its slot should have kept is gone: the peer must be made anew. */
  lost: boolean;
}

export class ReplicationReader {
  constructor(private readonly db: Database) {}

  /** Of the whole server, at most 1,000. */
  peers(): Promise<CopyingPeer[]> {
    return this.db.callSql('replication_peers', []);
  }
}
