// API keys: made and ended by SQL functions, read from the table that they, or the log of decisions, keep. A key itself is never here, only its hash.
import type { KeyRole } from '../domain/index.js';
import type { Database } from './database.js';
import { one } from './run.store.js';
import { jsonb } from './wire.js';

export interface KeyRow {
  readonly keyId: string;
  readonly name: string;
  readonly role: KeyRole;
  /** Of role `tenant`; others have none, and all. */
  readonly tenants: string[];
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** Neither revoked nor expired, by the database's clock. */
  readonly counts: boolean;
}

export interface NewKey {
  readonly keyId: string;
  /** In hex. */
  readonly sha256: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly tenants: readonly string[];
  readonly expiresAt: Date | null;
}

const KEY = `
  select k.key_id, k.name, k.role, k.tenants, k.created_at, k.expires_at, k.revoked_at,
         k.revoked_at is null and (k.expires_at is null or k.expires_at > workflow.clock()) as counts
    from workflow.api_keys k`;

export class KeyStore {
  constructor(private readonly db: Database) {}

  /** add_api_key: whether it counts now; in a mesh it does when the log has it. Throws `invalid_request`, `admin_key_needed`. */
  async add({ keyId, sha256, name, role, tenants, expiresAt }: NewKey): Promise<boolean> {
    const wire = { key_id: keyId, key_sha256: sha256, name, role, tenants, expires_at: expiresAt?.toISOString() ?? null };
    return one(await this.db.callSql<{ addApiKey: boolean }>('add_api_key', [jsonb(wire)])).addApiKey;
  }

  /** revoke_api_key: whether every region knows; here it counts no more. Throws `key_not_found`, `admin_key_needed`. */
  async revoke(keyId: string): Promise<boolean> {
    return one(await this.db.callSql<{ revokeApiKey: boolean }>('revoke_api_key', [keyId])).revokeApiKey;
  }

  /** Some key was made once: nobody gets in without one. */
  async some(): Promise<boolean> {
    return (await this.db.query('select from workflow.api_keys limit 1', [], 'some_key')).length > 0;
  }

  /** Null: no key has this hash. */
  async bySha256(sha256: string): Promise<KeyRow | null> {
    return (await this.db.query<KeyRow>(`${KEY} where k.key_sha256 = decode($1, 'hex')`, [sha256], 'key_by_hash'))[0] ?? null;
  }

  async get(keyId: string): Promise<KeyRow | null> {
    return (await this.db.query<KeyRow>(`${KEY} where k.key_id = $1`, [keyId], 'key'))[0] ?? null;
  }

  /** By id; `after` is the last of the page before. */
  list({ after, limit }: { after?: string | undefined; limit: number }): Promise<KeyRow[]> {
    return this.db.query<KeyRow>(
      `${KEY} where $1::uuid is null or k.key_id > $1::uuid order by k.key_id limit $2::int`,
      [after ?? null, limit],
      'keys',
    );
  }
}
