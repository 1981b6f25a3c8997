// One service as a process: apps/<app>/dist/main.js with a log in a file. Its port is free and found in the log.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppName, EventName, EventPayloads } from '@singularity-workflow/core';
import { waitFor } from '@singularity-workflow/testkit';
import { root } from './places.js';
import type { Warden } from './warden.js';

export interface ServiceOptions {
  readonly app: AppName;
  /** Unique in its region. */
  readonly name: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly warden: Warden;
  /** Where apps/ stands. Default: this repository. */
  readonly release?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

type Line = { readonly level: string; readonly msg: string; readonly event?: EventName };

/** As scripts/up starts them. */
const NODE_ARGUMENTS = JSON.parse(readFileSync(join(root, 'scripts/up/node-arguments.json'), 'utf8')) as string[];
const READY_LIMIT_MS = 180_000; // a dozen processes that start at once on a busy machine

export class Service {
  readonly pid: number;
  readonly exited: Promise<Ended>;
  private child: ChildProcess;
  private end: Ended | null = null;
  private readonly log: string;

  constructor(private readonly options: ServiceOptions) {
    const entry = join(options.release ?? root, 'apps', options.app, 'dist/main.js');
    if (!existsSync(entry)) throw new Error(`${entry} is missing: build first (pnpm build)`);
    this.log = join(options.folder, `${options.name}.log`);
    const out = openSync(this.log, 'a');
    this.child = spawn(process.execPath, [...NODE_ARGUMENTS, entry], {
      cwd: options.folder,
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...options.env },
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    if (this.child.pid === undefined) throw new Error(`${entry} could not be started`);
    this.pid = this.child.pid;
    options.warden.watch(this.pid);
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        this.end = { code, signal };
        options.warden.forget(this.pid);
        resolve(this.end);
      });
    });
  }

  get app(): AppName {
    return this.options.app;
  }

  get name(): string {
    return this.options.name;
  }

  /** What it was started with. */
  get env(): Readonly<Record<string, string>> {
    return this.options.env;
  }

  /** How the process ended; null while it lives. */
  get ended(): Ended | null {
    return this.end;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.child.kill(signal)) throw new Error(`${this.name} is gone: no ${signal} for it`);
  }

  /** What it logged so far under this name. */
  events<Name extends EventName>(event: Name): EventPayloads[Name][] {
    return this.lines().filter((line) => line.event === event) as unknown as EventPayloads[Name][];
  }

  /** Waits until it has logged one for which `holds`, and answers it. */
  event<Name extends EventName>(event: Name, holds: (payload: EventPayloads[Name]) => boolean = () => true): Promise<EventPayloads[Name]> {
    const until = `${this.name} logs ${event}`;
    return waitFor(() => this.events(event).find((payload) => holds(payload)), { until, timeoutMs: READY_LIMIT_MS });
  }

  /** `http://127.0.0.1:<port>`, once it listens. */
  async address(): Promise<string> {
    return (await this.unlessEnded(() => this.events('service_started')[0], 'listens')).address;
  }

  async ready(): Promise<this> {
    const address = await this.address();
    await this.unlessEnded(async () => (await fetch(`${address}/health/ready`)).ok, 'is ready');
    return this;
  }

  /** Why it is not ready; null when it is. */
  async reasonsNotReady(): Promise<string | null> {
    const answer = await fetch(`${await this.address()}/health/ready`);
    return answer.ok ? null : answer.text();
  }

  /** The last lines that are worth reading after a failure. */
  complaints(limit = 15): string[] {
    const worth = this.lines().filter(({ level }) => level !== 'info' && level !== 'debug');
    return worth.slice(-limit).map(({ level, msg }) => `${this.name}: ${level} ${msg}`);
  }

  private async unlessEnded<T>(condition: () => T | Promise<T>, what: string): Promise<NonNullable<T>> {
    const seen = async (): Promise<T | 'ended'> => (this.end === null ? condition() : 'ended');
    const found = await waitFor(seen, { until: `${this.name} ${what}`, timeoutMs: READY_LIMIT_MS, everyMs: 30 });
    if (found !== 'ended') return found;
    throw new Error(`${this.name} ended (${JSON.stringify(this.end)}) before it ${what}:\n${readFileSync(this.log, 'utf8').slice(-2_000)}`);
  }

  private lines(): Line[] {
    const whole = readFileSync(this.log, 'utf8').split('\n').slice(0, -1);
    return whole.map((line) => {
      try {
        return JSON.parse(line) as Line;
      } catch {
        return { level: 'error', msg: line }; // no JSON: a crash speaking
      }
    });
  }
}
