// `npm start` without its installation: scripts/up.mjs as a process, with free ports and a data folder of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@singularity-workflow/testkit';
import { root } from './places.js';
import type { Ended } from './service.js';
import type { Warden } from './warden.js';

export interface RegionFile {
  readonly launcher: { readonly pid: number };
  readonly services: Readonly<Record<string, { readonly pid: number; readonly url: string }>>;
}

const START_LIMIT_MS = 90_000;
/** Of the machine, not of whoever runs the tests. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'PG_CACHE_DIR', 'PG_OS_USER'];

export class Launcher {
  readonly exited: Promise<Ended>;
  private readonly child: ChildProcess;
  private ended: Ended | null = null;
  private text = '';

  constructor(
    private readonly warden: Warden,
    private readonly dataDir: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    const inherited = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
    this.child = spawn(process.execPath, [join(root, 'scripts/up.mjs')], {
      cwd: root,
      env: { ...inherited, PORT: '0', DATA_DIR: dataDir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding('utf8').on('data', (part: string) => (this.text += part));
    if (this.child.pid !== undefined) warden.watch(this.child.pid);
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => resolve((this.ended = { code, signal })));
    });
  }

  /** What it said so far. */
  get said(): string {
    return this.text;
  }

  /** Waits for the banner; answers what is running now. */
  async ready(): Promise<RegionFile> {
    const seen = () => this.ended !== null || this.text.includes('Ctrl-C drains and stops everything');
    await waitFor(seen, { until: 'the banner is printed', timeoutMs: START_LIMIT_MS, everyMs: 50 });
    if (this.ended !== null) throw new Error(`it ended (${JSON.stringify(this.ended)}):\n${this.text}`);
    const region = JSON.parse(readFileSync(join(this.dataDir, 'region.json'), 'utf8')) as RegionFile;
    this.warden.watch(...Object.values(region.services).map(({ pid }) => pid), this.postgresPid());
    return region;
  }

  /** Does what a newcomer does: pastes the line that begins with curl. */
  paste(): unknown {
    const line = this.text.split('\n').find((one) => one.trim().startsWith('curl '));
    if (line === undefined) throw new Error(`there is no curl line in:\n${this.text}`);
    return JSON.parse(execFileSync('sh', ['-c', line], { encoding: 'utf8' }));
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  postgresPid(): number {
    const file = join(this.dataDir, 'postgres/postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  }
}
