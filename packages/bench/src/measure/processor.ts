// CPU time of the database: of the postmaster, of its children that live, and of those that it has buried. Linux only (null elsewhere).
import { readdirSync, readFileSync } from 'node:fs';

const MS_PER_TICK = 10; // USER_HZ is 100 on every Linux that Node runs on

interface Process {
  readonly parent: number;
  readonly ownTicks: number;
  readonly buriedTicks: number;
}

/** Milliseconds of CPU that the process and its children have used up to now. */
export function databaseCpuMs(postmasterPid: number | null): number | null {
  const postmaster = postmasterPid === null ? null : readProcess(postmasterPid);
  if (postmaster === null) return null;
  const children = pids()
    .map(readProcess)
    .filter((one) => one?.parent === postmasterPid);
  const alive = children.reduce((sum, child) => sum + (child?.ownTicks ?? 0) + (child?.buriedTicks ?? 0), 0);
  return (postmaster.ownTicks + postmaster.buriedTicks + alive) * MS_PER_TICK;
}

function pids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Field numbers as in proc(5); the name in parentheses may hold anything, so they are counted after it. */
function readProcess(pid: number): Process | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null; // ended meanwhile, or no Linux
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), ownTicks: field(14) + field(15), buriedTicks: field(16) + field(17) };
}
