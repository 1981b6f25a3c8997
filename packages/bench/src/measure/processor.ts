// CPU time and memory of processes, as the system counts them. Linux only (null elsewhere).
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const MS_PER_TICK = 10; // USER_HZ is 100 on every Linux that Node runs on

interface Process {
  readonly parent: number;
  readonly ownTicks: number;
  readonly buriedTicks: number;
}

/** Milliseconds of CPU that the postmaster, its children that live, and those that it has buried, have used up to now. */
export function databaseCpuMs(postmasterPid: number | null): number | null {
  const postmaster = postmasterPid === null ? null : readProcess(postmasterPid);
  if (postmaster === null) return null;
  const children = pids()
    .map(readProcess)
    .filter((one) => one?.parent === postmasterPid);
  const alive = children.reduce((sum, child) => sum + (child?.ownTicks ?? 0) + (child?.buriedTicks ?? 0), 0);
  return (postmaster.ownTicks + postmaster.buriedTicks + alive) * MS_PER_TICK;
}

/** Of one process, without its children. */
export function processCpuMs(pid: number): number | null {
  const found = readProcess(pid);
  return found === null ? null : found.ownTicks * MS_PER_TICK;
}

/** Of this process's children that have ended. */
export function endedChildrenCpuMs(): number | null {
  const own = readProcess(process.pid);
  return own === null ? null : own.buriedTicks * MS_PER_TICK;
}

/** `peak`: most that was in memory at once, of the process's whole life. `own`: what it shares with nobody (a backend's, without buffers). */
export function memoryMiB(pid: number, what: 'peak' | 'own'): number | null {
  const line = new RegExp(`^${what === 'peak' ? 'VmHWM' : 'RssAnon'}:\\s+(\\d+) kB$`, 'm');
  const kib = line.exec(readProc(pid, 'status') ?? '')?.[1];
  return kib === undefined ? null : Number(kib) / 1_024;
}

/** Of all cores together, since the machine was started. */
export interface MachineTimes {
  readonly busyMs: number;
  readonly allMs: number;
}

export function machineTimes(): MachineTimes {
  const times = cpus().map((core) => core.times);
  const allMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { busyMs: allMs - times.reduce((sum, { idle }) => sum + idle, 0), allMs };
}

/** How much of the machine was in use, by whomever; 1 is all cores all the time. */
export const busyShare = (from: MachineTimes, to: MachineTimes): number | null =>
  to.allMs > from.allMs ? (to.busyMs - from.busyMs) / (to.allMs - from.allMs) : null;

function pids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null; // ended meanwhile, or no Linux
  }
}

/** Field numbers as in proc(5); the name in parentheses may hold anything, so they are counted after it. */
function readProcess(pid: number): Process | null {
  const text = readProc(pid, 'stat');
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), ownTicks: field(14) + field(15), buriedTicks: field(16) + field(17) };
}
