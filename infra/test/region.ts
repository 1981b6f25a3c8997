// A whole region, as `npm start` makes one (scripts/up.mjs): free ports, a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@singularity-workflow/testkit';
import { root } from './tools.js';

interface RegionFile {
  readonly database: { readonly admin_url: string };
  readonly services: Readonly<Record<string, { readonly pid: number; readonly url: string }>>;
}

const START_LIMIT_MS = 90_000;
/** Of the machine, not of whoever runs the tests. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'PG_CACHE_DIR', 'PG_OS_USER'];

export class Region {
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'workflow-infra-'));
  private readonly child: ChildProcess;
  private said = '';

  constructor() {
    chmodSync(this.dataDir, 0o755); // the server's account must be able to enter
    const inherited = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
    this.child = spawn(process.execPath, [join(root, 'scripts/up.mjs')], {
      cwd: root,
      env: { ...inherited, PORT: '0', DATA_DIR: this.dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) stream.on('data', (part: Buffer) => (this.said += part.toString()));
  }

  async ready(): Promise<RegionFile['services']> {
    const seen = () => this.child.exitCode !== null || this.said.includes('is ready after');
    await waitFor(seen, { until: 'the region is ready', timeoutMs: START_LIMIT_MS, everyMs: 100 });
    if (this.child.exitCode !== null) throw new Error(`the region did not start:\n${this.said}`);
    return this.services();
  }

  services(): RegionFile['services'] {
    return this.file().services;
  }

  adminUrl(): string {
    return this.file().database.admin_url;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const gone = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGTERM');
      await gone;
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private file(): RegionFile {
    return JSON.parse(readFileSync(join(this.dataDir, 'region.json'), 'utf8')) as RegionFile;
  }
}
