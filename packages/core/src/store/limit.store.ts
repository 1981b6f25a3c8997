// The bounds that SQL enforces whoever calls: read by everybody, changed by the owner only.
import type { Database } from './database.js';

export interface LimitRow {
  name: string;
  value: number;
  unit: string;
  description: string;
}

const LIST = `select l.name, l.value, l.unit, l.description from workflow.limits l order by l.name`;

export class LimitStore {
  constructor(private readonly db: Database) {}

  /** set_limit: needs a login that may become workflow_owner. Throws `unknown_limit`, `invalid_request`. */
  async set({ name, value }: { name: string; value: number }): Promise<void> {
    await this.db.callSql('set_limit', [name, value]);
  }

  list(): Promise<LimitRow[]> {
    return this.db.query(LIST);
  }
}
