import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from './connect.js';
import { sqlFolder } from './template.js';

const filesOf = (folder: string): string[] =>
  readdirSync(join(sqlFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();

/** Until core's migrator is there: the same files in the same order. */
export async function migrate({ adminUrl }: { adminUrl: string }): Promise<void> {
  const client = await connect(adminUrl);
  try {
    await client.query('create extension if not exists pgmq');
    await client.query('create schema if not exists workflow; set check_function_bodies = off');
    const files = [join(sqlFolder, 'roles.sql'), ...filesOf('schema'), ...filesOf('functions'), ...filesOf('triggers'), ...filesOf('views'), join(sqlFolder, 'grants.sql')];
    for (const file of files) {
      let text: string;
      try {
        text = readFileSync(file, 'utf8');
      } catch {
        continue;
      }
      try {
        await client.query(text);
      } catch (error) {
        throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
      }
    }
  } finally {
    await client.end();
  }
}
