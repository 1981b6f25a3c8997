// A region's database as a cluster on one machine: etcd, two or more members of Patroni with PostgreSQL 18 from npm, HAProxy before the primary.
// To try failovers on, and for the scenarios: everything lies in one temporary folder and is gone after `stop()`. Programs: programs.mjs.
// Run by root, everything belongs to the account that root lends to PostgreSQL (scripts/pg/account.mjs).
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../../scripts/lib/ports.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { serverAccount, temporaryRoot } from '../../scripts/pg/account.mjs';
import { serverEnvironment } from '../../scripts/pg/cluster.mjs';
import { ensureDistribution } from '../../scripts/pg/distribution.mjs';
import { Member } from './member.mjs';
import { requirePrograms } from './programs.mjs';
import { fillIn } from './template.mjs';

/** The shortest that Patroni's documentation allows. Seconds. */
export const SHORT_TIMES = { ttl: 20, loop_wait: 2, retry_timeout: 9 };
/** Those of the template. */
export const USUAL_TIMES = { ttl: 30, loop_wait: 10, retry_timeout: 10 };

const HOST = '127.0.0.1';
const START_LIMIT_MS = 120_000;
const SWITCHOVER_LIMIT_MS = 60_000;
const COPY_GRANTS = `
  grant pg_read_all_settings to replicator;
  grant execute on function pg_backup_start(text, boolean), pg_backup_stop(boolean) to replicator;`;

/**
 * @param {object} [o]
 * @param {number} [o.members]   default 2
 * @param {number} [o.etcds]     default 1: no redundancy of its own; in production 3
 * @param {object} [o.timing]    default SHORT_TIMES
 * @param {Record<string, string | number>} [o.settings] of PostgreSQL
 * @param {boolean} [o.synchronous] default true
 */
export async function startCluster(o = {}) {
  const cluster = await Cluster.prepare(o);
  try {
    await cluster.start();
    return cluster;
  } catch (error) {
    const logs = cluster.logs();
    await cluster.stop();
    throw new Error(`${error.message}\n${logs}`, { cause: error });
  }
}

class Cluster {
  /** @type {import('node:child_process').ChildProcess[]} */
  #children = [];
  #o;
  #programs;
  #account;
  #password = randomBytes(12).toString('hex');
  #restPassword = randomBytes(12).toString('hex');
  /** @type {Member[]} */
  members = [];

  constructor({ o, programs, account, folder, ports }) {
    this.#o = o;
    this.#programs = programs;
    this.#account = account;
    this.folder = folder;
    this.ports = ports;
  }

  static async prepare(o) {
    const programs = requirePrograms('patroni', 'etcd', 'haproxy');
    const { members = 2, etcds = 1 } = o;
    const { home } = await ensureDistribution();
    const account = serverAccount();
    const folder = await mkdtemp(join(temporaryRoot(account), 'workflow-patroni-'));
    chmodSync(folder, 0o755);
    const [database, ...rest] = await freePorts(1 + 2 * etcds + 2 * members);
    const ports = { database, etcds: pairs(rest.splice(0, 2 * etcds)), members: pairs(rest) };
    const cluster = new Cluster({ o, programs, account, folder, ports });
    for (const name of ['bin', 'logs']) mkdirSync(join(folder, name));
    makeTools(join(folder, 'bin'), home, programs.patroni);
    if (account.uid !== undefined) chownSync(folder, account.uid, account.gid);
    cluster.#makeMembers();
    return cluster;
  }

  /** Superuser URL of a database, by HAProxy: leads to whoever is primary. */
  url(database = 'postgres') {
    return `postgres://postgres:${this.#password}@${HOST}:${this.ports.database}/${database}`;
  }

  /** The same of one member, whatever it is. */
  urlOf(name, database = 'postgres') {
    return `postgres://postgres:${this.#password}@${HOST}:${this.member(name).port}/${database}`;
  }

  member(name) {
    const member = this.members.find((one) => one.name === name);
    if (member === undefined) throw new Error(`there is no member ${name}`);
    return member;
  }

  /** Name of the member that is primary now and holds the leader's key; null: nobody. */
  async primary() {
    const answers = await Promise.all(this.members.map((member) => member.is('primary')));
    return this.members[answers.indexOf(true)]?.name ?? null;
  }

  /** `[{ name, role, state, timeline, lag }]`, as `patronictl list` shows it; roles: leader, sync_standby, replica. */
  async status() {
    const answers = this.members.map(async (member) => (await member.ask('/cluster')).json());
    const { members } = await Promise.any(answers);
    return members;
  }

  /** A planned change: the primary is shut down in order, everything it has is on its successor. */
  async switchover(to) {
    const from = await this.primary();
    const authorization = `Basic ${Buffer.from(`patroni:${this.#restPassword}`).toString('base64')}`;
    const answer = await this.member(from).ask('/switchover', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ leader: from, candidate: to }),
      signal: AbortSignal.timeout(SWITCHOVER_LIMIT_MS),
    });
    if (!answer.ok) throw new Error(`switchover from ${from} to ${to}: ${answer.status} ${await answer.text()}`);
  }

  /** Waits until this member follows the primary, and synchronously where the cluster is synchronous. */
  async follows(name) {
    const role = this.#o.synchronous === false ? 'replica' : 'synchronous';
    await this.#waitFor(() => this.member(name).is(role), `${name} is ${role}`);
  }

  /** This primary sends nothing more to its standbys. */
  async holdBack(name) {
    const senders = await this.query(name, 'select pid from pg_stat_replication');
    this.member(name).hold(senders.map(({ pid }) => pid));
  }

  /** Every process that runs now. */
  pids() {
    const servers = this.members.map(({ postgresPid }) => postgresPid).filter((pid) => pid !== 0);
    return [...this.#children.filter(isRunning).map(({ pid }) => pid), ...servers];
  }

  /** The last lines of each log. */
  logs() {
    const folder = join(this.folder, 'logs');
    return readdirSync(folder)
      .map((name) => `${name}:\n${readFileSync(join(folder, name), 'utf8').slice(-1_500)}`)
      .join('\n');
  }

  async start() {
    process.once('exit', () => this.#endAtOnce());
    this.#startEtcd();
    const [first, ...others] = this.members;
    first.start();
    this.#startProxy();
    await this.#waitFor(() => first.is('primary'), `${first.name} is primary`);
    await this.query(first.name, COPY_GRANTS); // a replica has the grants of the leader that it is copied from
    for (const member of others) member.start();
    await Promise.all(others.map((member) => this.#waitFor(() => member.is('replica'), `${member.name} is a replica`)));
    if (this.#o.synchronous === false || others.length === 0) return;
    const hasStandby = async () => (await Promise.all(others.map((member) => member.is('synchronous')))).includes(true);
    await this.#waitFor(hasStandby, 'there is a synchronous standby');
  }

  /** Ends everything and removes the folder. */
  async stop() {
    await Promise.all(this.members.map((member) => member.end()));
    for (const child of this.#children) if (isRunning(child)) child.kill('SIGKILL');
    await until(() => !this.#children.some(isRunning), START_LIMIT_MS);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }); // who was killed may still write
  }

  #makeMembers() {
    const { timing = SHORT_TIMES, settings = {}, synchronous = true } = this.#o;
    const { folder, ports } = this;
    const common = { SCOPE: 'region', HOST, CLIENTS: '127.0.0.1/32', BIN_DIR: join(folder, 'bin') };
    const secrets = { SUPERUSER_PASSWORD: this.#password, REPLICATION_PASSWORD: this.#password, REST_PASSWORD: this.#restPassword };
    this.members = ports.members.map(([port, restPort], at) => {
      const name = `node${at + 1}`;
      const places = { MEMBER: name, REST_PORT: restPort, PG_PORT: port, DATA_DIR: join(folder, name), ETCD_HOSTS: this.#etcdHosts() };
      return new Member({
        name,
        folder,
        port,
        restPort,
        account: this.#account,
        patroni: this.#programs.patroni,
        run: (...command) => this.#spawn(...command),
        values: { ...common, ...secrets, ...places },
        timing: { ...timing, synchronous_mode: synchronous },
        settings,
        copyCommand: join(folder, 'bin/copy_from_leader'),
      });
    });
  }

  #etcdHosts() {
    return this.ports.etcds.map(([client]) => `${HOST}:${client}`).join(',');
  }

  #startEtcd() {
    const urls = this.ports.etcds.map(([client, peer]) => ({ client: `http://${HOST}:${client}`, peer: `http://${HOST}:${peer}` }));
    const all = urls.map(({ peer }, at) => `etcd${at + 1}=${peer}`).join(',');
    for (const [at, { client, peer }] of urls.entries()) {
      const name = `etcd${at + 1}`;
      const listen = ['--listen-client-urls', client, '--advertise-client-urls', client, '--listen-peer-urls', peer];
      const join_ = ['--initial-advertise-peer-urls', peer, '--initial-cluster', all];
      this.#spawn(name, this.#programs.etcd, ['--name', name, '--data-dir', join(this.folder, name), ...listen, ...join_]);
    }
  }

  #startProxy() {
    const servers = this.members.map(({ name, port, rest }) => `  server ${name} ${HOST}:${port} check port ${new URL(rest).port}`);
    const file = join(this.folder, 'haproxy.cfg');
    writeFileSync(file, fillIn('haproxy.cfg', { HOST, DATABASE_PORT: this.ports.database, SERVERS: servers.join('\n') }));
    this.#spawn('haproxy', this.#programs.haproxy, ['-db', '-f', file]);
  }

  /** One statement as superuser of this member, whatever it is. Rows. */
  async query(name, sql) {
    const { Client } = createRequire(new URL('../../package.json', import.meta.url))('pg');
    const client = new Client({ connectionString: this.urlOf(name) });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  #spawn(name, program, args) {
    const log = openSync(join(this.folder, 'logs', `${name}.log`), 'a');
    const env = { ...serverEnvironment(), HOME: this.folder, PATH: `/usr/bin:/bin:${process.env.PATH}` };
    const child = spawn(program, args, { ...this.#account, env, cwd: this.folder, stdio: ['ignore', log, log] });
    closeSync(log);
    child.once('error', () => undefined); // seen by what waits for it
    this.#children.push(child);
    return child;
  }

  async #waitFor(condition, what) {
    if (!(await until(async () => condition(), START_LIMIT_MS, 100))) throw new Error(`waited ${START_LIMIT_MS} ms until ${what}`);
  }

  #endAtOnce() {
    for (const pid of this.pids()) process.kill(pid, 'SIGKILL');
  }
}

const isRunning = (child) => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

/** [a, b, c, d] -> [[a, b], [c, d]] */
const pairs = (numbers) => Array.from({ length: numbers.length / 2 }, (_, at) => numbers.slice(2 * at, 2 * at + 2));

/** A folder of programs as Patroni wants it: the server's, and those of ours for what npm's lacks, run by the Python that runs Patroni. */
function makeTools(bin, home, patroni) {
  for (const program of ['postgres', 'initdb', 'pg_ctl']) symlinkSync(join(home, 'bin', program), join(bin, program));
  const [firstLine] = readFileSync(patroni, 'utf8').split('\n');
  const tools = fileURLToPath(new URL('tools/', import.meta.url));
  for (const name of readdirSync(tools)) {
    copyFileSync(join(tools, name), join(bin, name));
    const text = readFileSync(join(bin, name), 'utf8');
    writeFileSync(join(bin, name), text.replace(/^#!.*/, firstLine));
    chmodSync(join(bin, name), 0o755);
  }
}
