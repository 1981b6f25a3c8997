// Brings a database to what sql/ says: roles, pgmq, the schema's files once each, functions, views and triggers when their text changed, queues,
// grants. All but the roles in one transaction under one advisory lock: four services may start at once, one migrates, the others find it done.
//
// Refuses, before anything is changed: a database that a newer release has migrated (`schema_too_new`), and a schema file that was edited or removed
// after it had been applied (`schema_edited`): what is released goes forward in a new file.
import { readFileSync } from 'node:fs';
import { DEFAULT_QUEUE, PROBE_QUEUE, WorkflowError } from '../domain/index.js';
import { PgmqGateway } from '../queue/index.js';
import { SQL_FOLDER } from '../store/index.js';
import { ensurePgmq, type PgmqSource } from './pgmq.js';
import { applyRepeatables } from './repeatables.js';
import { ensureRoles } from './roles.js';
import { type Session, withSession } from './session.js';
import { readSqlTree, type SchemaFile, type SqlTree } from './sql-files.js';

export interface MigrateOptions {
  /** A login that may create roles, schemas and, where the server has it, the extension pgmq. */
  adminUrl: string;
  /** Told each step, one sentence. */
  log?: (sentence: string) => void;
  /** Default `auto`: the extension where the server offers and allows it, else its SQL as a schema. */
  pgmq?: PgmqSource;
  /** Another tree than the package's own sql/ (tests). */
  sqlFolder?: URL;
}

/** One lock per database, whatever else uses advisory locks there. */
const LOCK_KEY = 0x77_66_6d_69; // 'wfmi'
const LOCK_TIMEOUT = '60s';

/** What makes the functions of a queue; where it changed, queues that exist get those of this release. */
const QUEUE_FUNCTIONS = 'functions/queue/compile_queue.sql';
const COMPILE_QUEUES = 'select workflow.compile_queue(q.name) from workflow.queues q';

const BOOKKEEPING = `
  create table if not exists workflow.schema_migrations (
    version     int         primary key,
    name        text        not null,
    sha256      text        not null,
    applied_at  timestamptz not null default clock_timestamp()
  );
  create table if not exists workflow.schema_functions (
    path    text primary key,
    sha256  text not null
  );
  create table if not exists workflow.schema_release (
    singleton  boolean primary key default true,
    release    text    not null,
    constraint one_row_only check (singleton)
  )`;

/**
 * Returns what was applied: paths below sql/, empty when everything was there.
 *
 * Throws WorkflowError `schema_too_new`, `schema_edited`, `database_unavailable`; an error of SQL names the file it came from. Nothing is half done.
 */
export async function migrate({
  adminUrl,
  log = () => undefined,
  pgmq = 'auto',
  sqlFolder = SQL_FOLDER,
}: MigrateOptions): Promise<{ applied: string[] }> {
  const tree = readSqlTree(sqlFolder);
  return withSession(adminUrl, async (session) => {
    const rolesAreNew = await ensureRoles(session, tree.roles);
    const applied = await session.transaction(() => migrateOnce(session, tree, { pgmq, rolesAreNew }));
    for (const what of applied) log(`applied ${what}`);
    return { applied };
  });
}

async function migrateOnce(
  session: Session,
  tree: SqlTree,
  { pgmq, rolesAreNew }: { pgmq: PgmqSource; rolesAreNew: boolean },
): Promise<string[]> {
  await session.query('select pg_catalog.pg_advisory_xact_lock($1)', [LOCK_KEY]);
  await session.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
  await session.query(`set local client_min_messages = warning`);
  await refuseWhatIsNewerOrEdited(session, tree);
  const applied: string[] = [];
  const installed = await ensurePgmq(session, pgmq);
  if (installed !== null) applied.push(installed);
  await session.query('create schema if not exists workflow authorization workflow_owner');
  await session.query('set local role workflow_owner');
  await session.query(BOOKKEEPING);
  applied.push(...(await applySchema(session, tree.schema)));
  applied.push(...(await applyRepeatables(session, tree.repeatable)));
  if (applied.includes(QUEUE_FUNCTIONS)) await session.query(COMPILE_QUEUES);
  if (applied.length > 0) await ensureQueues(session);
  if (applied.length > 0 || rolesAreNew || (await grantsChanged(session, tree))) applied.push(await applyGrants(session, tree));
  return applied;
}

async function refuseWhatIsNewerOrEdited(session: Session, tree: SqlTree): Promise<void> {
  const [seen] = await session.query<{ installed: boolean }>(`select to_regclass('workflow.schema_migrations') is not null as installed`);
  if (!seen!.installed) return;
  const applied = await session.query<{ version: number; name: string; sha256: string }>(
    'select version, name, sha256 from workflow.schema_migrations order by version',
  );
  const [release] = await session.query<{ release: string }>('select release from workflow.schema_release');
  const have = applied.at(-1)?.version ?? 0;
  const need = tree.schema.length;
  if (have > need || (release !== undefined && isNewer(release.release, ownRelease()))) {
    const facts = { have, need, release: release?.release ?? null, own_release: ownRelease() };
    throw new WorkflowError(
      'schema_too_new',
      `the database is at schema ${have} of release ${release?.release}; this code (schema ${need}, release ${ownRelease()}) is older`,
      { facts },
    );
  }
  for (const { version, name, sha256 } of applied) {
    const file = tree.schema[version - 1];
    if (file?.sha256 === sha256) continue;
    throw new WorkflowError(
      'schema_edited',
      `sql/schema/${name}.sql was applied to this database and is another now: put the change into a new file`,
      { facts: { version, name } },
    );
  }
}

async function applySchema(session: Session, files: readonly SchemaFile[]): Promise<string[]> {
  const [row] = await session.query<{ have: number | null }>('select max(version) as have from workflow.schema_migrations');
  const pending = files.filter((file) => file.version > (row?.have ?? 0));
  for (const { path, text, version, name, sha256 } of pending) {
    await session.file(path, text);
    await session.query('insert into workflow.schema_migrations (version, name, sha256) values ($1, $2, $3)', [version, name, sha256]);
  }
  return pending.map((file) => file.path);
}

/** pgmq-js makes the queue of the health probes, over the migration's own connection; the engine's own function makes the default queue. */
async function ensureQueues(session: Session): Promise<void> {
  const { client } = session;
  const connection = { query: (text: string, values?: unknown[]) => client.query(text, values), release: () => undefined };
  await new PgmqGateway({ connect: async () => connection }).ensureQueue(PROBE_QUEUE);
  await session.query('select workflow.ensure_queue($1)', [DEFAULT_QUEUE]);
}

async function grantsChanged(session: Session, { grants }: SqlTree): Promise<boolean> {
  const rows = await session.query<{ sha256: string }>('select sha256 from workflow.schema_functions where path = $1', [grants.path]);
  return rows[0]?.sha256 !== grants.sha256;
}

async function applyGrants(session: Session, { grants }: SqlTree): Promise<string> {
  await session.file(grants.path, grants.text);
  await session.query(
    `insert into workflow.schema_functions (path, sha256) values ($1, $2) on conflict (path) do update set sha256 = excluded.sha256`,
    [grants.path, grants.sha256],
  );
  await session.query(
    `insert into workflow.schema_release (release) values ($1) on conflict (singleton) do update set release = excluded.release`,
    [ownRelease()],
  );
  return grants.path;
}

/** The version of this package: orders releases that differ in functions only. */
export function ownRelease(): string {
  return (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}

/** By the three numbers; what follows them (a pre-release) does not count. */
export function isNewer(release: string, than: string): boolean {
  const [a, b] = [release, than].map((text) => text.split(/[-+]/)[0]!.split('.').map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (a![part] ?? 0) - (b![part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
