// The four logins that services connect with, each a member of its role: made here, with passwords that nobody has to think of.
import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Client } from 'pg';
import { WorkflowError } from '../domain/index.js';
import { tryUntilAlone } from './roles.js';
import { type Session, withSession } from './session.js';

export const SERVICE_ROLES = ['router', 'scheduler', 'executor', 'monitor'] as const;
export type ServiceRole = (typeof SERVICE_ROLES)[number];

export interface ServiceLoginOptions {
  /** A login that may create roles. */
  adminUrl: string;
  /** In the addresses returned; default that of `adminUrl`. */
  database?: string;
  /**
   * Where the passwords are kept (JSON, mode 600), so that a second start uses the same. Without it they are derived from the admin's own password:
   * the same for whoever has it, unknown to whoever has not.
   */
  secretsFile?: string;
}

type Passwords = Record<ServiceRole, string>;

const loginOf = (role: ServiceRole): string => `workflow_${role}_login`;

/**
 * Makes `workflow_<role>_login` for each of the four, gives it its password where it has another, and returns the addresses to connect with.
 * May run at the same time in several processes and for several databases of a server; needs the roles (migrate first).
 *
 * Throws `invalid_config` when there is neither a secrets file nor a password in `adminUrl`, or the file is not ours.
 */
export async function ensureServiceLogins({ adminUrl, database, secretsFile }: ServiceLoginOptions): Promise<Record<ServiceRole, string>> {
  const passwords = secretsFile === undefined ? derivedPasswords(adminUrl) : keptPasswords(secretsFile);
  const addresses = {} as Record<ServiceRole, string>;
  for (const role of SERVICE_ROLES) addresses[role] = addressOf(adminUrl, loginOf(role), passwords[role], database);
  await withSession(adminUrl, async (session) => {
    for (const role of SERVICE_ROLES) await ensureLogin(session, role, passwords[role], addresses[role]);
  });
  return addresses;
}

async function ensureLogin(session: Session, role: ServiceRole, password: string, address: string): Promise<void> {
  const login = loginOf(role);
  const [seen] = await session.query<{ exists: boolean; member: boolean }>(
    `select exists (select from pg_catalog.pg_roles where rolname = $1) as exists,
            exists (select from pg_catalog.pg_auth_members m
                     where m.roleid = (select oid from pg_catalog.pg_roles where rolname = $2)
                       and m.member = (select oid from pg_catalog.pg_roles where rolname = $1)) as member`,
    [login, `workflow_${role}`],
  );
  // Passwords are hexadecimal, names are ours: nothing to quote.
  if (!seen!.exists) await tryUntilAlone(() => makeLogin(session, login, password));
  else if (!(await mayConnect(address))) await tryUntilAlone(() => session.query(`alter role ${login} login password '${password}'`));
  if (!seen!.member) await tryUntilAlone(() => session.query(`grant workflow_${role} to ${login}`));
}

/** Another process may make the login between our look and our try; both bring the same password, or the file is new and ours counts. */
async function makeLogin(session: Session, login: string, password: string): Promise<void> {
  try {
    await session.query(`create role ${login} login password '${password}'`);
  } catch (error) {
    if (!['42710', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
    await session.query(`alter role ${login} login password '${password}'`);
  }
}

async function mayConnect(address: string): Promise<boolean> {
  const client = new Client({
    connectionString: address,
    application_name: 'singularity-workflow logins',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('28')) return false; // not let in: another password, or no login
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function addressOf(adminUrl: string, login: string, password: string, database: string | undefined): string {
  const url = new URL(adminUrl);
  url.username = login;
  url.password = password;
  if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

function passwordsBy(make: (role: ServiceRole) => string): Passwords {
  return Object.fromEntries(SERVICE_ROLES.map((role) => [role, make(role)])) as Passwords;
}

function derivedPasswords(adminUrl: string): Passwords {
  const secret = decodeURIComponent(new URL(adminUrl).password);
  if (secret === '')
    throw new WorkflowError(
      'invalid_config',
      'the admin address has no password to derive those of the services from: name a secrets file',
      { field: 'secretsFile' },
    );
  return passwordsBy((role) => createHmac('sha256', secret).update(loginOf(role)).digest('hex'));
}

/** Reads the file; makes it, whole or not at all, where there is none. Of two processes that make it, one wins and both use its passwords. */
function keptPasswords(file: string): Passwords {
  const kept = readPasswords(file);
  if (kept !== null) return kept;
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(
    draft,
    `${JSON.stringify(
      passwordsBy(() => randomBytes(24).toString('hex')),
      null,
      2,
    )}\n`,
    { mode: 0o600 },
  );
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readPasswords(file)!;
}

function readPasswords(file: string): Passwords | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  chmodSync(file, 0o600);
  const parsed = JSON.parse(text) as Partial<Passwords>;
  if (SERVICE_ROLES.every((role) => /^[0-9a-f]{32,}$/.test(parsed[role] ?? ''))) return parsed as Passwords;
  throw new WorkflowError('invalid_config', `${file} does not hold the passwords of the services: move it away and they are made anew`, {
    field: 'secretsFile',
  });
}
