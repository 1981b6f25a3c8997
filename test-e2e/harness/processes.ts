import { existsSync, readFileSync } from 'node:fs';

const linux = existsSync('/proc/self/stat');

/** The letter that the kernel has for it (R, S, T, Z ...); null once it is gone, or where nobody tells. */
export function stateOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2);
  } catch {
    return null;
  }
}

/** A zombie is dead. */
export function isAlive(pid: number): boolean {
  if (linux) return !['Z', 'X', null].includes(stateOf(pid));
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Has SIGSTOP taken effect? The signal is delivered at once, but acts a moment later. Where nobody tells it counts as done. */
export const isStopped = (pid: number): boolean => !linux || stateOf(pid) === 'T';
