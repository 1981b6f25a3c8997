// One service process: started, awaited, started again with growing delays when it dies, stopped. In a process group of its own, so that the
// terminal's Ctrl-C reaches only the launcher, which then stops things in order.
import { spawn } from 'node:child_process';
import { closeSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, until } from '../lib/processes.mjs';
import { root } from '../lib/turbo.mjs';
import { follow, lastLines, openLog } from './service-log.mjs';
import { Refused } from './settings.mjs';

const READY_LIMIT_MS = 60_000;
const BACKOFF_MS = { first: 500, max: 30_000 };
const STEADY_AFTER_MS = 60_000; // who lived this long starts again at the first delay
const HASTENED_LIMIT_MS = 5_000;
// Small young generation: a batch's garbage is collected before it looks old. 100,000 runs of 3 steps: 250 MB at most instead of 350, as fast.
// In a file of its own, for the fault scenarios start their services with the same.
const NODE_ARGUMENTS = JSON.parse(readFileSync(new URL('node-arguments.json', import.meta.url), 'utf8'));

export class Service {
  #child = null;
  #stops = 0;
  #killAt = Infinity;
  #unfollow;

  /** @param {{ name: string, entry: string, port: number, logFile: string, env: object, say: (line: string) => void, changed: () => void }} o */
  constructor(o) {
    this.o = o;
    this.url = `http://127.0.0.1:${o.port}`;
  }

  /** For region.json. */
  get note() {
    const pid = this.#child?.pid ?? null;
    return { name: this.o.name, url: this.url, pid, identity: pid && identityOf(pid), log: this.o.logFile };
  }

  start() {
    closeSync(openLog(this.o.logFile));
    this.#unfollow = follow(this.o.logFile, (line) => this.o.say(line));
    this.#spawn();
  }

  /** Resolves once the service says that it can do its job; a service that dies or dawdles before its first time fails the start. */
  async firstReady() {
    const child = this.#child;
    const ready = await until(async () => isGone(child) || (await this.#isReady()), READY_LIMIT_MS, 50);
    if (ready && !isGone(child)) return;
    const what = isGone(child)
      ? `ended (${child.exitCode ?? child.signalCode ?? 'not started'})`
      : `was not ready after ${READY_LIMIT_MS / 1000} s`;
    throw new Refused(`${this.o.name} ${what}; the end of ${this.o.logFile}:\n${lastLines(this.o.logFile)}`);
  }

  /** From now on the service is kept alive. */
  keepAlive() {
    void this.#revive();
  }

  /** The first call drains within `limitMs`, a second one hastens, a third kills. @returns {Promise<void>} when it is gone */
  async stop(limitMs) {
    const round = this.#stops++;
    this.#killAt = Math.min(this.#killAt, Date.now() + (round === 0 ? limitMs : round === 1 ? HASTENED_LIMIT_MS : 0));
    this.#child?.kill('SIGTERM');
    await until(() => isGone(this.#child) || Date.now() >= this.#killAt, limitMs + HASTENED_LIMIT_MS);
    if (!isGone(this.#child)) {
      this.o.say('did not end in time: killed');
      this.#child.kill('SIGKILL');
      await until(() => isGone(this.#child), HASTENED_LIMIT_MS);
    }
    if (round === 0) this.#unfollow?.();
  }

  #spawn() {
    const log = openLog(this.o.logFile);
    this.#child = spawn(process.execPath, [...NODE_ARGUMENTS, this.o.entry], {
      cwd: root,
      env: this.o.env,
      stdio: ['ignore', log, log],
      detached: true,
    });
    this.#child.once('error', (error) => this.o.say(`could not be started: ${error.message}`));
    closeSync(log);
    this.o.changed();
  }

  async #revive() {
    for (let delayMs = BACKOFF_MS.first; ;) {
      const child = this.#child;
      const began = Date.now();
      await until(() => isGone(child), Infinity, 100);
      if (this.#stops > 0) return;
      if (Date.now() - began > STEADY_AFTER_MS) delayMs = BACKOFF_MS.first;
      this.o.say(`ended (${child.exitCode ?? child.signalCode}), starts again in ${delayMs} ms`);
      await sleep(delayMs);
      if (this.#stops > 0) return;
      this.#spawn();
      delayMs = Math.min(delayMs * 2, BACKOFF_MS.max);
    }
  }

  async #isReady() {
    try {
      const { ok } = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      return ok;
    } catch {
      return false; // not listening yet
    }
  }
}

const isGone = (child) => child === null || child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
