// A whole region on this machine: claims the data folder, ends what a killed start left, takes ports, builds, starts the database, migrates, starts the
// services, waits until all are ready. Used by up.mjs, and by demo.mjs where no region runs.
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

/**
 * @param {ReturnType<import('./settings.mjs').readSettings>} settings
 * @param {(line: string) => void} say
 * @returns a region that is starting: `ready` resolves when it is up; `stop()` may be called at any time, a second call hastens, a third kills
 */
export function startRegion(settings, say) {
  const { dataDir } = settings;
  const region = { state: 'starting', services: {}, leftovers: [] };
  const running = [];
  let database = null;
  let stopped = null;
  const save = () => writeRegion(dataDir, { ...region, services: Object.fromEntries(running.map(({ note }) => [note.name, note])) });
  const unlessStopped = () => {
    if (stopped) throw new Refused('stopped while starting');
  };

  async function start() {
    const claim = claimRegion(dataDir);
    if (claim.holder) {
      const at = claim.holder.services?.router?.url ?? 'not listening yet';
      throw new Refused(`a region already runs on ${dataDir}: process ${claim.holder.launcher.pid}, router ${at}`);
    }
    region.claimed = true;
    await endLeftovers(claim.leftovers, say);
    const ports = await takePorts(settings.port);
    unlessStopped();
    if ((await build()) !== 0) throw new Refused('the build failed, see above');
    unlessStopped();
    database = await openDatabase(settings, say);
    unlessStopped();
    const { migrate, ensureServiceLogins } = await import('@singularity-workflow/core');
    await migrate({ adminUrl: database.adminUrl });
    const logins = await ensureServiceLogins({ adminUrl: database.adminUrl });
    unlessStopped();
    region.database = { admin_url: database.adminUrl, place: database.place };
    launch(ports, logins);
    await Promise.all(running.map((service) => service.firstReady()));
    unlessStopped();
    for (const service of running) service.keepAlive();
    region.state = 'ready';
    region.started_at = new Date().toISOString();
    save();
    return { database, services: Object.fromEntries(running.map((service) => [service.o.name, service.url])) };
  }

  function launch(ports, logins) {
    mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
    const inherited = { ...process.env, HOST: '127.0.0.1', WORKFLOW_MODULES: settings.workflowModules };
    delete inherited.DATABASE_ADMIN_URL; // services have logins of their own
    for (const [at, { name, entry, login }] of specs.entries()) {
      if (!existsSync(entry)) throw new Refused(`${entry} is missing: the build did not make it`);
      const env = { ...inherited, DATABASE_URL: logins[login], PORT: String(ports[at]) };
      const logFile = join(dataDir, 'logs', `${name}.log`);
      const service = new Service({ name, entry, port: ports[at], logFile, env, say: (line) => say(`${name}: ${line}`), changed: save });
      running.push(service);
      service.start();
    }
  }

  async function stopRest() {
    await ready.catch(() => {}); // a start that is under way sees `stopped` at its next step
    await database?.stop();
    if (region.claimed) dropRegion(dataDir);
  }

  const ready = start();
  return {
    ready,
    async stop() {
      const ended = Promise.all(running.map((service) => service.stop(settings.stopLimitMs)));
      stopped ??= ended.then(stopRest);
      await Promise.all([ended, stopped]);
    },
  };
}
