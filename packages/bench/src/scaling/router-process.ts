// A router as it is deployed: a process of its own, started from what was built, with the arguments that `npm start` gives to services.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from '../measure/clock.js';
import { memoryMiB, processCpuMs } from '../measure/processor.js';
import { Skipped } from '../workloads/workload.js';

const ROOT = new URL('../../../../', import.meta.url);
const PROGRAM = fileURLToPath(new URL('apps/router/dist/main.js', ROOT));
const NODE_ARGUMENTS = new URL('scripts/up/node-arguments.json', ROOT);
const READY_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 10_000;

export class RouterProcess {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  /** `databaseUrl`: a login of the router's role. Resolves when it is ready. */
  static async start(databaseUrl: string): Promise<RouterProcess> {
    if (!existsSync(PROGRAM)) throw new Skipped('apps/router is not built; `pnpm bench` builds it');
    const port = await freePort();
    const args = JSON.parse(readFileSync(NODE_ARGUMENTS, 'utf8')) as string[];
    const child = spawn(process.execPath, [...args, PROGRAM], {
      env: { DATABASE_URL: databaseUrl, PORT: String(port), LOG_LEVEL: 'warn' },
      stdio: ['ignore', 2, 2],
    });
    const router = new RouterProcess(port, child);
    try {
      await until('the router is ready', () => router.isReady(), { everyMs: 20, limitMs: READY_LIMIT_MS });
    } catch (error) {
      await router.stop();
      throw error;
    }
    return router;
  }

  get cpuMs(): number | null {
    return processCpuMs(this.child.pid ?? 0);
  }

  /** In its whole life. */
  get peakMiB(): number | null {
    return memoryMiB(this.child.pid ?? 0, 'peak');
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await gone;
    clearTimeout(killer);
  }

  private async isReady(): Promise<boolean> {
    if (this.child.exitCode !== null) throw new Error(`the router ended by itself (${this.child.exitCode})`);
    const answer = await fetch(`http://127.0.0.1:${this.port}/health/ready`).catch(() => null);
    await answer?.body?.cancel();
    return answer?.status === 200;
  }
}

async function freePort(): Promise<number> {
  const ports = (await import(new URL('scripts/pg.mjs', ROOT).href)) as { freePort: (this: void) => Promise<number> };
  return ports.freePort();
}
