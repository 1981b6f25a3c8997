// Roles belong to the whole server: migrations of other databases make the same ones at the same moment, and no advisory lock reaches over
// databases. So every step is one statement that is tried again when another won.
import type { Session } from './session.js';
import type { SqlFile } from './sql-files.js';

const TRIES_MAX = 20;
/** unique_violation, duplicate_object, deadlock, and "tuple concurrently updated", which is an internal error to PostgreSQL. */
const LOST_RACES = new Set(['23505', '42710', '40P01', '40001', 'XX000']);

/** Runs one statement outside any transaction; again, after a moment, when somebody else changed the same role meanwhile. */
export async function tryUntilAlone(run: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await run();
      return;
    } catch (error) {
      if (tries === TRIES_MAX || !LOST_RACES.has((error as { code?: string }).code ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10 * tries * Math.random()));
    }
  }
}

/** Makes what roles.sql names, and this login a member of workflow_owner unless it may become it anyhow. True: something was missing. */
export async function ensureRoles(session: Session, roles: SqlFile): Promise<boolean> {
  const countOfRoles = `select count(*)::int as roles from pg_catalog.pg_roles where rolname like any (array['workflow\\_%', 'region\\_%'])`;
  const [before] = await session.query<{ roles: number }>(countOfRoles);
  await tryUntilAlone(() => session.file(roles.path, roles.text));
  const [after] = await session.query<{ roles: number }>(countOfRoles);
  const [may] = await session.query<{ become: boolean }>(
    `select rolsuper or pg_catalog.pg_has_role(current_user, 'workflow_owner', case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)
            as become
       from pg_catalog.pg_roles where rolname = current_user`,
  );
  if (may?.become !== true) await tryUntilAlone(() => session.query('grant workflow_owner to current_user'));
  return before!.roles !== after!.roles;
}
