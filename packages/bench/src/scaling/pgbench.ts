// PostgreSQL's own pgbench, where the machine has it on its PATH: rates that everybody knows, made by a client that costs next to nothing.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** `pgbench 15.18`, or null where there is none. */
export async function pgbenchVersion(): Promise<string | null> {
  try {
    const { stdout } = await execute('pgbench', ['--version']);
    return /[\d.]+/.exec(stdout)?.[0] ?? 'unknown';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export interface PgbenchReport {
  readonly transactionsPerSecond: number;
  readonly latencyMs: number;
}

/** Throws when it fails, or when a transaction did. */
export const pgbench = async (url: string, args: readonly string[]): Promise<PgbenchReport> => readReport(await output([...args, url]));

/** Its own tables, of 100,000 rows for each unit of `scale`. */
export async function pgbenchInit(url: string, scale: number): Promise<void> {
  await output(['--initialize', '--quiet', `--scale=${scale}`, url]);
}

/** The arguments stay out of what it throws: they hold a password. */
async function output(args: readonly string[]): Promise<string> {
  try {
    return (await execute('pgbench', [...args])).stdout;
  } catch (error) {
    const { stderr, code } = error as { stderr?: string; code?: unknown };
    const [reason] = /^pgbench: (error|fatal): .*$/m.exec(stderr ?? '') ?? [`it ended with ${String(code)}`];
    throw new Error(`pgbench failed: ${reason}`, { cause: code });
  }
}

/** Of what pgbench prints at its end. */
export function readReport(text: string): PgbenchReport {
  const number = (pattern: RegExp): number | null => (pattern.test(text) ? Number(pattern.exec(text)![1]) : null);
  const transactionsPerSecond = number(/^tps = ([\d.]+)/m);
  const latencyMs = number(/^latency average = ([\d.]+) ms/m);
  const failed = number(/^number of failed transactions: (\d+)/m) ?? 0;
  if (transactionsPerSecond === null || latencyMs === null)
    throw new Error(`pgbench said nothing that is understood: ${text.slice(0, 200)}`);
  if (failed > 0) throw new Error(`${failed} transactions of pgbench failed`);
  return { transactionsPerSecond, latencyMs };
}
