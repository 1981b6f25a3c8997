// Functions, those of triggers too, and views: applied whenever their text changed, dropped when their file is gone. Runs inside the migration's
// transaction, as workflow_owner, with check_function_bodies off (functions know each other late, so their order does not matter). Triggers
// themselves are put by workflow.arm_guards(), in databases that have links to other regions: there it is called again.
//
// A function whose arguments or columns changed cannot be replaced: it is dropped and made anew, in the same transaction, so nobody ever sees it
// missing. What depends on it are views only; they are dropped before and made again after.
import type { Session } from './session.js';
import type { SqlFile } from './sql-files.js';

const ARMING = 'functions/replication/arm_guards.sql';
const CANNOT_BE_REPLACED = ['42P13', '42P16', '42809', '2BP01'];

interface Routine {
  oid: string;
  signature: string;
}

/** Returns the paths of what was applied or dropped. */
export async function applyRepeatables(session: Session, files: readonly SqlFile[]): Promise<string[]> {
  const known = new Map<string, string>();
  for (const row of await session.query<{ path: string; sha256: string }>('select path, sha256 from workflow.schema_functions'))
    known.set(row.path, row.sha256);
  const wanted = new Set(files.map((file) => file.path));
  const changed = files.filter((file) => known.get(file.path) !== file.sha256);
  const removed = [...known.keys()].filter((path) => !wanted.has(path) && isRepeatable(path));
  if (changed.length === 0 && removed.length === 0) return [];

  await session.query('set local check_function_bodies = off');
  const views = files.filter((file) => file.path.startsWith('views/'));
  const viewsMove = removed.length > 0 || changed.some((file) => file.path.startsWith('views/'));
  if (viewsMove || !(await session.attempt(CANNOT_BE_REPLACED, () => applyFunctions(session, changed)))) {
    await dropViews(session);
    for (const path of removed) await dropOne(session, path);
    await applyFunctions(session, changed);
    for (const view of views) await session.file(view.path, view.text);
  }
  if (wanted.has(ARMING)) await session.query('select workflow.arm_guards(true)');
  await remember(session, changed, removed);
  return [...changed.map((file) => file.path), ...removed.map((path) => `${path} (dropped)`)];
}

function isRepeatable(path: string): boolean {
  return /^(functions|views|triggers)\//.test(path);
}

const isFunction = (path: string): boolean => /^(functions|triggers)\//.test(path);

async function applyFunctions(session: Session, changed: readonly SqlFile[]): Promise<void> {
  const existing = await routines(session);
  for (const file of changed) {
    if (!isFunction(file.path)) continue;
    const former = existing.get(file.name) ?? [];
    if (former.length === 0) {
      await session.file(file.path, file.text);
      continue;
    }
    const replaced = await session.attempt(['42P13'], () => session.file(file.path, file.text));
    if (!replaced) {
      await drop(session, former);
      await session.file(file.path, file.text);
    }
    await dropFormerOverloads(session, file.name, former);
  }
}

/** Other arguments make another function beside the former one: only what the file says may stay. */
async function dropFormerOverloads(session: Session, name: string, former: Routine[]): Promise<void> {
  const now = (await routines(session, name)).get(name) ?? [];
  const isNew = now.some((routine) => !former.some(({ oid }) => oid === routine.oid));
  if (isNew)
    await drop(
      session,
      former.filter(({ oid }) => now.some((routine) => routine.oid === oid)),
    );
}

async function routines(session: Session, name: string | null = null): Promise<Map<string, Routine[]>> {
  const rows = await session.query<{ name: string; oid: string; signature: string }>(
    `select p.proname as name, p.oid::text as oid, format('workflow.%I(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) as signature
       from pg_catalog.pg_proc p
      where p.pronamespace = 'workflow'::regnamespace and ($1::text is null or p.proname = $1)`,
    [name],
  );
  const byName = new Map<string, Routine[]>();
  for (const { name: found, ...routine } of rows) byName.set(found, [...(byName.get(found) ?? []), routine]);
  return byName;
}

async function drop(session: Session, former: readonly Routine[]): Promise<void> {
  for (const { signature } of former) await session.query(`drop routine ${signature}`);
}

async function dropViews(session: Session): Promise<void> {
  const rows = await session.query<{ name: string }>(
    `select format('workflow.%I', c.relname) as name from pg_catalog.pg_class c where c.relnamespace = 'workflow'::regnamespace and c.relkind = 'v'`,
  );
  if (rows.length > 0) await session.query(`drop view ${rows.map(({ name }) => name).join(', ')}`);
}

/** What a file that is gone had made; its name is the file's. Views were dropped already; triggers go with their function. */
async function dropOne(session: Session, path: string): Promise<void> {
  const name = path.slice(path.lastIndexOf('/') + 1, -'.sql'.length);
  if (!isFunction(path)) return;
  for (const { signature } of (await routines(session, name)).get(name) ?? []) {
    await session.query(`drop routine ${signature} ${path.startsWith('triggers/') ? 'cascade' : 'restrict'}`);
  }
}

async function remember(session: Session, changed: readonly SqlFile[], removed: readonly string[]): Promise<void> {
  await session.query('delete from workflow.schema_functions where path = any ($1)', [removed]);
  await session.query(
    `insert into workflow.schema_functions (path, sha256)
     select * from unnest($1::text[], $2::text[])
     on conflict (path) do update set sha256 = excluded.sha256`,
    [changed.map((file) => file.path), changed.map((file) => file.sha256)],
  );
}
