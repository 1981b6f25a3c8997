// Brings pgmq: the extension where the server has it and lets us, otherwise the very same SQL, from the npm package that carries it (its version is
// pinned), as an ordinary schema. Either way workflow_owner may make queues.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Session } from './session.js';

export type PgmqSource = 'auto' | 'extension' | 'schema';

/** Runs inside the migration's transaction, as the admin. Returns what it did; null: pgmq was there. */
export async function ensurePgmq(session: Session, source: PgmqSource): Promise<string | null> {
  const [seen] = await session.query<{ installed: boolean; granted: boolean; offered: boolean }>(
    `select to_regclass('pgmq.meta') is not null as installed,
            coalesce(has_schema_privilege('workflow_owner', to_regnamespace('pgmq')::oid, 'create with grant option'), false) as granted,
            exists (select from pg_catalog.pg_available_extensions where name = 'pgmq') as offered`,
  );
  const installed = seen!.installed
    ? null
    : await install(session, source === 'auto' ? (seen!.offered ? 'extension' : 'schema') : source, source);
  if (seen!.installed && seen!.granted) return null;
  await session.query(`
    grant usage, create on schema pgmq to workflow_owner with grant option;
    grant all on all tables in schema pgmq to workflow_owner with grant option;
    grant all on all sequences in schema pgmq to workflow_owner with grant option`);
  return installed;
}

async function install(session: Session, chosen: 'extension' | 'schema', wanted: PgmqSource): Promise<string> {
  if (chosen === 'extension') {
    const insufficientPrivilege = wanted === 'auto' ? ['42501'] : [];
    if (await session.attempt(insufficientPrivilege, async () => void (await session.query('create extension pgmq'))))
      return 'pgmq (extension)';
  }
  const { version, text } = pgmqSql();
  await session.query('set local search_path = pgmq, public'); // as CREATE EXTENSION would
  await session.file(`pgmq--${version}.sql`, text);
  await session.query(`comment on schema pgmq is 'pgmq ${version}, installed as SQL'`);
  await session.query('set local search_path to default');
  return `pgmq ${version} (schema)`;
}

/** The newest whole script in the package's archive: that of the control file's default version. */
export function pgmqSql(): { version: string; text: string } {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite-pgmq');
  const archive = gunzipSync(readFileSync(join(dirname(entry), 'pgmq.tar.gz')));
  const control = fileInTar(archive, 'pgmq.control');
  const version = /default_version\s*=\s*'([\d.]+)'/.exec(control)?.[1];
  if (version === undefined) throw new Error('pgmq.control names no default_version');
  return { version, text: fileInTar(archive, `pgmq--${version}.sql`) };
}

const BLOCK_BYTES = 512;

/** One file of a tar archive, by the end of its name: a header of 512 bytes (name at 0, size in octal at 124), then its bytes in whole blocks. */
function fileInTar(archive: Buffer, name: string): string {
  const textAt = (at: number, length: number): string => archive.toString('utf8', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK_BYTES <= archive.length;) {
    const size = Number.parseInt(textAt(at + 124, 12), 8) || 0;
    const begin = at + BLOCK_BYTES;
    if (textAt(at, 100).endsWith(`/${name}`)) return archive.toString('utf8', begin, begin + size);
    at = begin + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  throw new Error(`pgmq.tar.gz holds no ${name}`);
}
