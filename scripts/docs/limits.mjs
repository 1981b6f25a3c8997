// The bounds that SQL enforces, as the migration inserts them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/turbo.mjs';
import { code, table } from './tables.mjs';

const SCHEMA = 'packages/core/sql/schema';

export function limits() {
  const files = readdirSync(join(root, SCHEMA)).toSorted();
  const sql = files.map((file) => readFileSync(join(root, SCHEMA, file), 'utf8')).join('\n');
  const rows = [...sql.matchAll(/^ {2}\('(\w+)',\s*(\d+), '(\w+)',\s*'([^']+)'\)/gm)];
  if (rows.length === 0) throw new Error(`${SCHEMA}: found no limits; has the insert changed its shape?`);
  return table(
    ['limit', 'default', 'unit', 'of what'],
    rows.map(([, name, value, unit, description]) => [code(name), Number(value).toLocaleString('en-US'), unit, description]),
  );
}
