// What the logins of a region of several need: no transaction of theirs may outlive the region's lease, or it would write what was true when it began
// (assert_home refuses a login without it). Set on the login, for one database: it is not inherited from a role, and a pooler passes it on.
import { WorkflowError } from '../domain/index.js';
import { tryUntilAlone } from './roles.js';
import { withSession } from './session.js';

export interface TransactionTimeoutOptions {
  /** A login that may alter roles. */
  adminUrl: string;
  /** REGION_LEASE_MS. */
  leaseMs: number;
}

/** How much earlier than the lease a transaction ends: what a claim's answer may take on its way counts too. */
const EARLIER_MS = 500;

/**
 * Sets `transaction_timeout` in this database for every login that is a member of one of the service roles; connections made from now on have it.
 * Returns their names. May run again, with another lease too. Throws `invalid_config` where the lease is too short to end before it.
 */
export async function ensureTransactionTimeout({ adminUrl, leaseMs }: TransactionTimeoutOptions): Promise<string[]> {
  if (!Number.isInteger(leaseMs) || leaseMs < 2 * EARLIER_MS)
    throw new WorkflowError('invalid_config', `a lease of ${leaseMs} ms is too short: at least ${2 * EARLIER_MS}`, { field: 'leaseMs' });
  return withSession(adminUrl, async (session) => {
    const logins = await session.query<{ login: string; statement: string }>(
      `select r.rolname as login,
              format('alter role %I in database %I set transaction_timeout = %s', r.rolname, current_database(), $1::int) as statement
         from pg_catalog.pg_roles r
        where r.rolcanlogin and not r.rolsuper
          and exists (select from unnest(array['router', 'scheduler', 'executor', 'monitor']) s(name)
                       where pg_catalog.pg_has_role(r.oid, 'workflow_' || s.name, 'member'))
        order by r.rolname`,
      [leaseMs - EARLIER_MS],
    );
    for (const { statement } of logins) await tryUntilAlone(() => session.query(statement));
    return logins.map(({ login }) => login);
  });
}
