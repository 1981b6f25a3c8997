// Which version of the schema the database has, against the one that this code was written for.
import { readdirSync } from 'node:fs';
import { isWorkflowError } from '../domain/index.js';
import type { Database } from './database.js';

export type SchemaState = 'current' | 'too_old' | 'too_new' | 'missing';

export interface SchemaVersions {
  state: SchemaState;
  /** 0: none. */
  have: number;
  need: number;
}

/** The package's sql/, as seen from src and from dist alike. */
export const SQL_FOLDER = new URL('../../sql/', import.meta.url);

/** The number of the last file in sql/schema. */
export function neededSchemaVersion(folder: URL = SQL_FOLDER): number {
  const numbers = readdirSync(new URL('schema/', folder)).map((name) => Number(/^(\d{4})_.*\.sql$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

/** Throws `database_unavailable` when it cannot be asked. A schema that this login may not even see is `missing`. */
export async function schemaVersions(db: Database): Promise<SchemaVersions> {
  const need = neededSchemaVersion();
  try {
    const [row] = await db.query<{ have: number | null }>('select max(version) as have from workflow.schema_migrations');
    const have = row?.have ?? 0;
    return { have, need, state: have === need ? 'current' : have > need ? 'too_new' : have === 0 ? 'missing' : 'too_old' };
  } catch (error) {
    const notGranted = (error as { code?: string }).code === '42501';
    if (notGranted || isWorkflowError(error, 'schema_too_old')) return { state: 'missing', have: 0, need };
    throw error;
  }
}

/** As schemaVersions, the state only. */
export async function schemaState(db: Database): Promise<SchemaState> {
  return (await schemaVersions(db)).state;
}
