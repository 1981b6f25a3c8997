// A whole region on this machine: claims the data folder, ends what a killed start left, takes ports, builds, starts the database, migrates,
// starts the services, waits until all are ready. Used by up.mjs, and by demo.mjs where no region runs.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, isFree } from '../lib/ports.mjs';
import { endProcess, isAlive } from '../lib/processes.mjs';
import { claimRegion, dropRegion, writeRegion } from '../lib/region-file.mjs';
import { build } from '../lib/turbo.mjs';
import { openDatabase } from './database.mjs';
import { Service } from './service.mjs';
import { Refused, services as specs } from './settings.mjs';

const LEFTOVER_LIMIT_MS = 5_000; // it drains; what it does not finish is released or found again by its successor

async function endLeftovers(leftovers, say) {
  if (leftovers.length === 0) return;
  say(`an earlier start was killed and left ${leftovers.map((one) => `${one.name} (${one.pid})`).join(', ')}: ending them`);
  await Promise.all(leftovers.map((one) => endProcess(one.pid, () => !isAlive(one), ['SIGTERM', 'SIGKILL'], LEFTOVER_LIMIT_MS)));
}

async function takePorts(first) {
  if (first === 0) return freePorts(specs.length);
  const ports = specs.map((_, at) => first + at);
  const free = await Promise.all(ports.map(isFree));
  const taken = specs.map(({ name }, at) => `${ports[at]} (${name})`).filter((_, at) => !free[at]);
  if (taken.length > 0) {
    throw new Refused(`port ${taken.join(', ')} is taken by another program; PORT=5000 moves all four services, PORT=0 takes free ports`);
  }
  return ports;
}

/** @param {ReturnType<import('./settings.mjs').readSettings>} settings @param {(line: string) => void} say */
export function startRegion(settings, say) {
  const region = new Region(settings, say);
  region.ready.catch(() => {}); // who started it hears of it by `ready`; so does stop()
  return region;
}

class Region {
  #settings;
  #say;
  /** @type {Service[]} */
  #services = [];
  #database = null;
  #about = { state: 'starting', leftovers: [] };
  #claimed = false;
  /** @type {Promise<void> | null} */
  #stopped = null;

  constructor(settings, say) {
    this.#settings = settings;
    this.#say = say;
    /** Resolves when all services are ready; rejects when one does not come up, or on stop(). */
    this.ready = this.#start();
  }

  /** May be called at any time: drains and ends everything. A second call hastens, a third kills. Each resolves when all is gone. */
  async stop() {
    const ended = Promise.all(this.#services.map((service) => service.stop(this.#settings.stopLimitMs)));
    this.#stopped ??= ended.then(() => this.#stopRest());
    await Promise.all([ended, this.#stopped]);
  }

  async #start() {
    await this.#claim();
    const ports = await takePorts(this.#settings.port);
    this.#unlessStopped();
    if ((await build('./apps/*', '@singularity-workflow/examples')) !== 0) throw new Refused('the build failed, see above');
    this.#unlessStopped();
    this.#database = await openDatabase(this.#settings, this.#say);
    this.#unlessStopped();
    const { adminUrl, place } = this.#database;
    const { dataDir } = this.#settings;
    this.#about.database = { admin_url: adminUrl, place };
    const { migrate, ensureServiceLogins } = await import('@singularity-workflow/core');
    await migrate({ adminUrl });
    const logins = await ensureServiceLogins(
      new URL(adminUrl).password ? { adminUrl } : { adminUrl, secretsFile: join(dataDir, 'logins.json') },
    );
    this.#unlessStopped();
    this.#launch(ports, logins);
    await Promise.all(this.#services.map((service) => service.firstReady()));
    this.#unlessStopped();
    for (const service of this.#services) service.keepAlive();
    this.#about = { ...this.#about, state: 'ready', started_at: new Date().toISOString() };
    this.#save();
    return { database: this.#database, services: Object.fromEntries(this.#services.map(({ o, url }) => [o.name, url])) };
  }

  async #claim() {
    const { holder, leftovers } = claimRegion(this.#settings.dataDir);
    if (holder) {
      const at = holder.services?.router?.url ?? 'not listening yet';
      throw new Refused(`a region already runs on ${this.#settings.dataDir}: process ${holder.launcher.pid}, router ${at}`);
    }
    this.#claimed = true;
    await endLeftovers(leftovers, this.#say);
  }

  #launch(ports, logins) {
    const logs = join(this.#settings.dataDir, 'logs');
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    const inherited = { ...process.env, HOST: '127.0.0.1', WORKFLOW_MODULES: this.#settings.workflowModules };
    delete inherited.DATABASE_ADMIN_URL; // services have logins of their own
    for (const [at, { name, entry, login }] of specs.entries()) {
      if (!existsSync(entry)) throw new Refused(`${entry} is missing: the build did not make it`);
      const service = new Service({
        name,
        entry,
        port: ports[at],
        logFile: join(logs, `${name}.log`),
        env: { ...inherited, DATABASE_URL: logins[login], PORT: String(ports[at]) },
        say: (line) => this.#say(`${name}: ${line}`),
        changed: () => this.#save(),
      });
      this.#services.push(service);
      service.start();
    }
  }

  #save() {
    writeRegion(this.#settings.dataDir, {
      ...this.#about,
      services: Object.fromEntries(this.#services.map(({ note }) => [note.name, note])),
    });
  }

  #unlessStopped() {
    if (this.#stopped) throw new Refused('stopped while starting');
  }

  async #stopRest() {
    await this.ready.catch(() => {}); // a start that is under way sees that it is stopped at its next step
    await this.#database?.stop();
    if (this.#claimed) dropRegion(this.#settings.dataDir);
  }
}
