// A database with nothing in it: what a migration finds. The suites' own databases are testkit's; this one is for what happens before those exist.
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface EmptyDatabase {
  url: string;
  name: string;
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

async function once<Row>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

export async function createEmptyDatabase(): Promise<EmptyDatabase> {
  const server = process.env['TEST_PG_URL']!;
  const name = `workflow_empty_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await once(server, `create database ${name} template template0`);
  return {
    url: url.href,
    name,
    sql: (text, values) => once(url.href, text, values),
    drop: async () => void (await once(server, `drop database if exists ${name} with (force)`)),
  };
}
