// A region that stands still and goes on: SIGSTOP to its database and services, SIGCONT later. Its connections stand meanwhile, as with a machine that hangs.
//
// Limit: Linux; the clocks go on (a suspended virtual machine, whose clocks stand too, is restarted and not resumed: see the design's assumptions).
import { readFileSync } from 'node:fs';
import type { Region } from './region.js';

/** Answers what lets it go on. */
export async function standStill({ db, services }: Region): Promise<() => void> {
  const [file] = await db.sql<{ text: string }>(`select pg_read_file('postmaster.pid') as text`);
  const postmaster = Number(file!.text.split('\n')[0]);
  const living = services.filter(({ ended }) => ended === null);
  for (const service of living) service.signal('SIGSTOP');
  process.kill(postmaster, 'SIGSTOP'); // first: it makes no more children
  const children = childrenOf(postmaster).filter((pid) => signalled(pid, 'SIGSTOP'));
  return () => {
    for (const pid of [...children, postmaster]) signalled(pid, 'SIGCONT');
    for (const service of living) if (service.ended === null) service.signal('SIGCONT');
  };
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);

/** False: it is gone. */
function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
