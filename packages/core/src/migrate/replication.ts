// What a database needs of its administrator before it can be linked with others, and no migration may take for granted: rights that are given outside
// the schema, and the login that other regions' subscriptions connect as. Once per database; a single region needs none of it.
//
// Subscriptions belong to workflow_owner, so that the functions that switch them check lease and seal in the same transaction, and so that they outlive
// the monitor's login. An apply worker runs only as a role that may log in: workflow_owner may from here on, with no password and no connection to use.
import { WorkflowError } from '../domain/index.js';
import { tryUntilAlone } from './roles.js';
import { type Session, withSession } from './session.js';

export interface ReplicationOptions {
  /** A superuser, or who may give what stands in RIGHTS. */
  adminUrl: string;
  /** Of region_replicator. */
  password: string;
  /** The monitor's own login, which refreshes subscriptions as workflow_owner. Default that of ensureServiceLogins. */
  monitorLogin?: string;
}

const MONITOR_LOGIN = 'workflow_monitor_login';

/** On the server; then in the database. Given again without harm. */
const RIGHTS = (database: string, monitor: string): string[] => [
  'alter role workflow_owner login connection limit 0 password null',
  'grant pg_create_subscription to workflow_owner',
  `grant workflow_owner to ${monitor} with inherit false, set true`,
  `grant create on database ${database} to workflow_owner`,
  'grant execute on function pg_catalog.pg_replication_origin_progress(text, boolean) to workflow_owner',
];

/** With them the monitor keeps synchronized_standby_slots (R17). Who is no superuser may not give them everywhere: the monitor names the setting then. */
const STANDBY_RIGHTS = (monitor: string): string[] => [
  `grant alter system on parameter synchronized_standby_slots to ${monitor}`,
  `grant execute on function pg_catalog.pg_reload_conf() to ${monitor}`,
];
const MAY_NOT = '42501';

/**
 * Makes region_replicator a login for replication with this password, and gives workflow_owner and the monitor what links need.
 * May run again at any time, with another password too: the regions' REGIONS must then have it.
 *
 * Throws `invalid_config` where the password is too short to be one, or the monitor's login is missing (ensureServiceLogins makes it).
 */
export async function ensureReplication({ adminUrl, password, monitorLogin = MONITOR_LOGIN }: ReplicationOptions): Promise<void> {
  if (!/^[\x21-\x7e]{12,}$/.test(password)) {
    throw new WorkflowError(
      'invalid_config',
      'the password of region_replicator must have 12 characters at least, all of them visible ASCII',
      {
        field: 'password',
      },
    );
  }
  await withSession(adminUrl, async (session) => {
    const { database, monitor, secret } = await quoted(session, monitorLogin, password);
    await tryUntilAlone(() => session.query(`alter role region_replicator login replication password ${secret}`));
    for (const right of RIGHTS(database, monitor)) await tryUntilAlone(() => session.query(right));
    for (const right of STANDBY_RIGHTS(monitor)) {
      await tryUntilAlone(() => session.query(right)).catch((error: unknown) => {
        if ((error as { code?: string }).code !== MAY_NOT) throw error;
      });
    }
  });
}

async function quoted(session: Session, login: string, password: string): Promise<{ database: string; monitor: string; secret: string }> {
  const [row] = await session.query<{ database: string; monitor: string; secret: string; exists: boolean }>(
    `select quote_ident(current_database()) as database, quote_ident($1) as monitor, quote_literal($2::text) as secret,
            exists (select from pg_catalog.pg_roles where rolname = $1) as exists`,
    [login, password],
  );
  if (!row!.exists) throw new WorkflowError('invalid_config', `there is no login ${login}`, { field: 'monitorLogin' });
  return row!;
}
