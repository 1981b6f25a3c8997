// Connections for tests: bigint arrives as number (tests count, they do not overflow), a role is taken at the start of the session.
import pg from 'pg';

export type Role =
  | 'admin'
  | 'workflow_router'
  | 'workflow_scheduler'
  | 'workflow_executor'
  | 'workflow_monitor'
  | 'workflow_owner'
  | 'region_peer'
  | 'region_replicator';
export type Row = Record<string, unknown>;

const INT8 = 20;
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** The same URL for another database, and for another role of that server. */
export function urlOf(serverUrl: string, database: string, role: Role = 'admin'): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  if (role !== 'admin') url.searchParams.set('options', `-c role=${role}`);
  return url.toString();
}

/** A claim of a test takes whatever there is: it does not begin where the session's last long read ended (take_messages). */
function readingWhole(url: string): string {
  const whole = new URL(url);
  const options = [whole.searchParams.get('options'), '-c workflow.read_whole_queues=on'];
  whole.searchParams.set('options', options.filter((option) => option !== null).join(' '));
  return whole.toString();
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: readingWhole(url), types, application_name: 'testkit' });
  client.on('error', () => undefined); // a server that a test kills ends its connections; the query in flight says so
  await client.connect();
  return client;
}

export function poolOf(url: string, size: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: readingWhole(url), max: size, types, application_name: 'testkit' });
  pool.on('error', () => undefined);
  return pool;
}

/** An argument that is jsonb: an array would otherwise be sent as a PostgreSQL array. */
export const json = (value: unknown): string => JSON.stringify(value);

/** `select * from workflow.fn($1, ...)`; plain objects are sent as jsonb, arrays as arrays (see `json`). */
export function callText(fn: string, argumentCount: number): string {
  const holders = Array.from({ length: argumentCount }, (_, i) => `$${i + 1}`);
  return `select * from workflow.${fn}(${holders.join(', ')})`;
}
