// Finding again, judging and ending processes that an earlier start left behind. A number alone is no proof, for pids are given anew: a
// process is told by its pid and the moment it began.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const linux = existsSync('/proc/self/stat');

/** What tells a living process from a later one with the same pid; null once it is gone (a zombie is gone). */
export function identityOf(pid) {
  try {
    if (!linux) return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // from field 3 on: the name before it may hold anything
    return fields[0] === 'Z' || fields[0] === 'X'
      ? null
      : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

/** The command line, words joined by a blank; empty once the process is gone. */
export function commandLineOf(pid) {
  try {
    if (linux) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

export const self = () => ({ pid: process.pid, identity: identityOf(process.pid) });

/** Is this note ({ pid, identity }) about a process that lives? */
export const isAlive = (note) => Boolean(note?.pid && note.identity && identityOf(note.pid) === note.identity);

/** Resolves to true as soon as `condition` holds, to false after `limitMs`. */
export async function until(condition, limitMs, everyMs = 20) {
  for (const end = Date.now() + limitMs; ; await sleep(everyMs)) {
    if (await condition()) return true;
    if (Date.now() >= end) return false;
  }
}

/** Sends each signal in turn, waits `limitMs` after each for `gone()`. */
export async function endProcess(pid, gone, signals, limitMs) {
  for (const signal of signals) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
    if (await until(gone, limitMs)) return true;
  }
  return false;
}
