// A real PostgreSQL with pgmq, from npm, for the embedded default and for tests. Runs on 127.0.0.1 as root (under an unprivileged account) or as
// anybody else; needs Node 20.19 or later and no client programs. Not for production: one superuser, no TLS.
//   node scripts/pg.mjs [port]    an ephemeral server to play with, until Ctrl-C
// PG_CACHE_DIR moves the programs, PG_OS_USER names the account that root lends, PG_LOG=1 sends the server's log to the terminal.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, isFree } from './lib/ports.mjs';
import { until } from './lib/processes.mjs';
import { placeDataDir, serverAccount, temporaryRoot } from './pg/account.mjs';
import { ensureCluster, passwordOf, serverArguments, serverEnvironment } from './pg/cluster.mjs';
import { ensureDistribution } from './pg/distribution.mjs';
import { clearLeftover, lastLauncher, noteLauncher, sweepEphemeral } from './pg/leftovers.mjs';

export { freePort } from './lib/ports.mjs';
export { ensureDistribution } from './pg/distribution.mjs';

const EPHEMERAL_PREFIX = 'workflow-pg-';
const START_LIMIT_MS = 60_000; // crash recovery of a large WAL takes a while
const SHARED_MEMORY_LIMIT_MS = 10_000;
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Starts a server, making its data directory first where there is none.
 * @param {object} [o]
 * @param {string} [o.dataDir]     kept; without it the server is ephemeral: unsafe settings, deleted by stop()
 * @param {number} [o.port]        default: the one this directory had last, if free, else any free one
 * @param {boolean} [o.ephemeral]  default: whether `dataDir` is missing
 * @param {Record<string, string | number>} [o.settings] more `name=value` for the server
 */
export async function startPostgres(o = {}) {
  const { home, major } = await ensureDistribution();
  const account = serverAccount();
  const ephemeral = o.ephemeral ?? !o.dataDir;
  if (!o.dataDir) await sweepEphemeral(temporaryRoot(account), EPHEMERAL_PREFIX);
  const dataDir = o.dataDir ? placeDataDir(o.dataDir, account) : await mkdtemp(join(temporaryRoot(account), EPHEMERAL_PREFIX));
  await ensureCluster({ dataDir, home, major, account, ephemeral });
  await clearLeftover(dataDir);
  const port = o.port ?? (await usualPort(dataDir));
  await noteLauncher(dataDir, port);

  const launch = () => launchServer({ home, account, dataDir, ephemeral, args: serverArguments(dataDir, { ...o, port, ephemeral }) });
  const password = passwordOf(dataDir);
  let child = await launch();
  if (ephemeral) process.once('exit', () => child.kill('SIGQUIT'));

  return {
    port,
    dataDir,
    home,
    get pid() {
      return child.pid;
    },
    /** Resolves when the process that runs now has ended, wanted or not. */
    exited: () => hasExited(child),
    url: (database = 'postgres') => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
    log: () => logTail(dataDir),
    /** SIGQUIT (immediate: as after a crash), SIGINT (fast) or SIGKILL, then the same server again. */
    async restart(signal = 'SIGQUIT') {
      await endChild(child, signal);
      child = await launch();
    },
    async stop(signal = 'SIGINT') {
      await endChild(child, signal);
      if (ephemeral) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** So that an address noted yesterday is good today. */
async function usualPort(dataDir) {
  const last = lastLauncher(dataDir)?.port;
  return last && (await isFree(last)) ? last : freePort();
}

/** After a SIGKILL of the server its children take a moment to let go of the shared memory: tried again until then. */
async function launchServer(server) {
  for (const end = Date.now() + SHARED_MEMORY_LIMIT_MS; ;) {
    const child = spawnServer(server);
    if (await isReady(child, server.dataDir)) return child;
    const log = logTail(server.dataDir);
    if (!/shared memory block .* is still in use/.test(log) || Date.now() > end) throw new Error(`postgres did not start:\n${log}`);
    await sleep(200);
  }
}

/** The log is a file, not a pipe, for a pipe breaks with its reader. Apart from the terminal's Ctrl-C too, unless thrown away. */
function spawnServer({ home, account, dataDir, ephemeral, args }) {
  const logFile = logOf(dataDir);
  if (existsSync(logFile) && statSync(logFile).size > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a');
  const stderr = process.env.PG_LOG ? 'inherit' : log;
  const child = spawn(join(home, 'bin/postgres'), args, {
    ...account,
    env: serverEnvironment(),
    cwd: '/',
    stdio: ['ignore', 'ignore', stderr],
    detached: !ephemeral,
  });
  closeSync(log);
  return child;
}

/** Line 8 of postmaster.pid says so, as for pg_ctl. */
async function isReady(child, dataDir) {
  const file = join(dataDir, 'postmaster.pid');
  let failure = null;
  child.once('error', (error) => (failure = error));
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
  const decided = () => failure || isGone(child) || (Number(lines()[0]) === child.pid && lines()[7]?.trim() === 'ready');
  const inTime = await until(decided, START_LIMIT_MS);
  if (failure) throw failure;
  if (!inTime) await endChild(child, 'SIGQUIT');
  return !isGone(child);
}

const isGone = (child) => child.exitCode !== null || child.signalCode !== null;
const hasExited = (child) => (isGone(child) ? Promise.resolve() : new Promise((done) => child.once('exit', () => done())));

async function endChild(child, signal) {
  const gone = hasExited(child);
  child.kill(signal);
  await gone;
}

const logOf = (dataDir) => join(dataDir, 'server.log');
const logTail = (dataDir) => readFileSync(logOf(dataDir), 'utf8').slice(-4096);

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const server = await startPostgres({ port: process.argv[2] ? Number(process.argv[2]) : undefined });
  console.log(server.url());
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.stop('SIGQUIT'));
}
