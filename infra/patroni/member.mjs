// One member: Patroni and the PostgreSQL that it runs, with a folder and two ports of its own.
import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { identityOf, until } from '../../scripts/lib/processes.mjs';
import { fillIn } from './template.mjs';

const GONE_LIMIT_MS = 20_000;
const ANSWER_LIMIT_MS = 2_000;

/**
 * What differs from the template on one machine with the server from npm: short times, replicas by copy (it has neither pg_basebackup nor
 * pg_rewind), no watchdog, and whatever settings are asked for.
 */
function configOf({ values, timing, settings, copyCommand }) {
  const config = parse(fillIn('patroni.yml', values));
  const { dcs } = config.bootstrap;
  Object.assign(dcs, timing);
  Object.assign(dcs.postgresql, { use_pg_rewind: false, remove_data_directory_on_diverged_timelines: true });
  Object.assign(dcs.postgresql.parameters, { unix_socket_directories: '' }, settings);
  Object.assign(config.postgresql, { create_replica_methods: ['copy'], copy: { command: copyCommand } });
  config.watchdog.mode = 'off';
  return config;
}

export class Member {
  #run;
  #child = null;
  /** Processes of its PostgreSQL that were stopped: they do not see that the others end. */
  #stopped = [];

  /**
   * @param {object} o
   * @param {(name: string, program: string, args: string[]) => import('node:child_process').ChildProcess} o.run
   */
  constructor({ name, folder, restPort, port, account, run, patroni, ...config }) {
    this.name = name;
    this.port = port;
    this.rest = `http://127.0.0.1:${restPort}`;
    this.dataDir = join(folder, name);
    this.configFile = join(folder, `${name}.yml`);
    this.patroni = patroni;
    this.#run = run;
    writeFileSync(this.configFile, stringify(configOf(config)), { mode: 0o600 });
    if (account.uid !== undefined) chownSync(this.configFile, account.uid, account.gid);
  }

  start() {
    if (this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null)
      throw new Error(`${this.name} runs already`);
    this.#child = this.#run(this.name, this.patroni, [this.configFile]);
  }

  /** Patroni's; 0 before its start. */
  get pid() {
    return this.#child?.pid ?? 0;
  }

  /** PostgreSQL's; 0 where none runs. */
  get postgresPid() {
    const file = join(this.dataDir, 'postmaster.pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
    return identityOf(pid) === null ? 0 : pid;
  }

  /** kill -9 of Patroni and then of PostgreSQL, as when a machine is lost. `only`: of one of them, 'patroni' or 'postgres'. */
  async kill({ only = null } = {}) {
    const servers = only === 'patroni' ? [] : [this.postgresPid, ...this.#stopped.splice(0)].filter((pid) => pid !== 0);
    const pids = [...(only === 'postgres' ? [] : [this.pid]), ...servers];
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await this.#gone(pids);
  }

  /** Stops (SIGSTOP) these processes of its PostgreSQL; `kill` and `end` take them along. */
  hold(pids) {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    this.#stopped.push(...pids);
  }

  /** Ends both without ceremony: their data is thrown away. */
  async end() {
    const { pid, postgresPid } = this;
    if (this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    if (postgresPid !== 0) process.kill(postgresPid, 'SIGQUIT');
    for (const stopped of this.#stopped.splice(0)) process.kill(stopped, 'SIGKILL');
    await this.#gone([pid, postgresPid]);
  }

  /** Does Patroni answer this path of its REST API with 200? */
  async is(role) {
    const answer = await this.ask(`/${role}`).catch(() => null);
    return answer !== null && answer.status === 200;
  }

  ask(path, init = {}) {
    return fetch(`${this.rest}${path}`, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS), ...init });
  }

  async #gone(pids) {
    const inTime = await until(() => pids.every((pid) => pid === 0 || identityOf(pid) === null), GONE_LIMIT_MS);
    if (!inTime) throw new Error(`${this.name} does not end (${pids.join(', ')})`);
  }
}
