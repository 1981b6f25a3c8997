// PgBouncer in transaction mode on this machine, before a database of which some logins are known: for the scenarios.
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, isFree } from '../../scripts/lib/ports.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { serverAccount, temporaryRoot } from '../../scripts/pg/account.mjs';
import { requirePrograms, whyNot } from './programs.mjs';
import { fillIn } from './template.mjs';

const HOST = '127.0.0.1';
const START_LIMIT_MS = 20_000;

/**
 * @param {object} o
 * @param {string[]} o.logins    addresses with passwords, all of one server
 * @param {number} [o.poolSize]  sessions of a login; default 20
 * @param {number} [o.prepared]  prepared statements of a client that are kept, which 1.21 can; default 0: none
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
export async function startPooler({ logins, poolSize = 20, prepared = 0 }) {
  const { pgbouncer } = requirePrograms('pgbouncer');
  const account = serverAccount();
  const folder = await mkdtemp(join(temporaryRoot(account), 'workflow-pgbouncer-'));
  const port = await freePort();
  writeFiles(folder, account, { logins, port, poolSize, prepared });
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(pgbouncer, [join(folder, 'pgbouncer.ini')], { ...account, cwd: folder, stdio: ['ignore', log, log] });
  closeSync(log);
  process.once('exit', () => child.kill('SIGKILL'));
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    child.kill('SIGKILL');
    await until(isGone, START_LIMIT_MS);
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  const listens = await until(async () => isGone() || !(await isFree(port)), START_LIMIT_MS);
  if (listens && !isGone()) return { port, stop };
  const said = readFileSync(join(folder, 'log'), 'utf8');
  await stop();
  throw new Error(`pgbouncer did not start:\n${said}`);
}

function writeFiles(folder, account, { logins, port, poolSize, prepared }) {
  const urls = logins.map((login) => new URL(login));
  const users = urls.map(({ username, password }) => `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`);
  const places = {
    DATABASE_HOST: urls[0].hostname,
    DATABASE_PORT: urls[0].port,
    HOST,
    PORT: port,
    AUTH_FILE: join(folder, 'users.txt'),
    POOL_SIZE: poolSize,
    // A setting that an older one does not know is a mistake to it.
    PREPARED: whyNot('pgbouncer 1.21') === null ? `max_prepared_statements = ${prepared}` : '',
  };
  const files = { 'users.txt': users.join(''), 'pgbouncer.ini': fillIn('pgbouncer.ini', places) };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    if (account.uid !== undefined) chownSync(join(folder, name), account.uid, account.gid);
  }
  chmodSync(folder, 0o755);
}
