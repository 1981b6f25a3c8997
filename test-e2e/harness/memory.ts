import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The most memory that a living process ever had resident, in bytes; without /proc what it has now. */
export function peakMemory(pid: number): number {
  const file = `/proc/${pid}/status`;
  const kilobytes = existsSync(file)
    ? /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  if (!kilobytes) throw new Error(`process ${pid} does not tell its memory`);
  return Number(kilobytes) * 1_024;
}
