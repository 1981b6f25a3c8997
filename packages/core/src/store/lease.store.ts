// Calls of the SQL functions about leases. What a lease means stands in leadership/elector.ts.
import type { Database } from './database.js';
import { one } from './run.store.js';

export interface LeaseAnswer {
  acquired: boolean;
  /** Of whoever holds it now. Rises by one with every new holder. */
  token: number;
  holder: string;
  expiresAt: Date;
  /** Who held it before, when this call took it over. */
  former: string | null;
  /** How long nobody held it, when this call took it over. */
  withoutMs: number | null;
}

export interface LeaseHold {
  name: string;
  holder: string;
  token: number;
}

export class LeaseStore {
  constructor(private readonly db: Database) {}

  /** acquire_lease: free or expired, or held by `holder` already (same token then). Otherwise who has it. */
  async acquire({ name, holder, ttlMs }: { name: string; holder: string; ttlMs: number }): Promise<LeaseAnswer> {
    return one(await this.db.callSql<LeaseAnswer>('acquire_lease', [name, holder, ttlMs]));
  }

  /** renew_lease: false means lost, stop at once. */
  async renew({ name, holder, token, ttlMs }: LeaseHold & { ttlMs: number }): Promise<boolean> {
    return one(await this.db.callSql<{ renewLease: boolean }>('renew_lease', [name, holder, token, ttlMs])).renewLease;
  }

  /** release_lease: false means that it was not held (any more). */
  async release({ name, holder, token }: LeaseHold): Promise<boolean> {
    return one(await this.db.callSql<{ releaseLease: boolean }>('release_lease', [name, holder, token])).releaseLease;
  }

  /** fence_lease: whoever holds it must acquire it anew; the new token, null when there is no such lease. */
  async fence(name: string): Promise<number | null> {
    return one(await this.db.callSql<{ fenceLease: number | null }>('fence_lease', [name])).fenceLease;
  }
}
