// The migrated database that every test database is a copy of: one per server and content of core's sql folder, made once, under a lock.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { connect, urlOf } from './connect.js';
import { testEnvironment } from './environment.js';
import { SEEDS_SQL } from './seeds.sql.js';

const TEMPLATE_LOCK = 0x7e57;
const sqlFolder = testEnvironment().sqlFolder ?? fileURLToPath(new URL('../../core/sql/', import.meta.url));

function sqlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

export function templateName(folder: string = sqlFolder): string {
  const hash = createHash('sha256').update(SEEDS_SQL);
  for (const file of sqlFiles(folder)) hash.update(relative(folder, file)).update('\0').update(readFileSync(file));
  return `workflow_template_${hash.digest('hex').slice(0, 16)}`;
}

/** Makes the template where it is missing and answers its name. Two processes may call this at once: roles belong to the whole server. */
export async function ensureTemplate(serverUrl: string): Promise<string> {
  const name = templateName();
  const admin = await connect(serverUrl);
  try {
    const isThere = async () => (await admin.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1;
    if (await isThere()) return name;
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    if (await isThere()) return name;
    const unfinished = `${name}_unfinished`;
    await admin.query(`drop database if exists ${unfinished} with (force)`);
    await admin.query(`create database ${unfinished}`);
    await fill(urlOf(serverUrl, unfinished));
    await admin.query(`alter database ${unfinished} rename to ${name}`);
    return name;
  } finally {
    await admin.end();
  }
}

async function fill(adminUrl: string): Promise<void> {
  const { migrate } = await import('@singularity-workflow/core'); // here only: the core is large, and most suites find the template made
  await migrate({ adminUrl, sqlFolder: pathToFileURL(`${sqlFolder}/`) });
  const client = await connect(adminUrl);
  try {
    await client.query(SEEDS_SQL);
  } finally {
    await client.end();
  }
}
