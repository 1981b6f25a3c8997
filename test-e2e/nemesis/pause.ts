// A process that does not run for a while and knows nothing of it: a machine that was suspended, a container that was frozen.
import { existsSync, readFileSync } from 'node:fs';
import { waitFor } from '@singularity-workflow/testkit';
import type { Service } from '../harness/service.js';

export async function pause(service: Service): Promise<void> {
  service.signal('SIGSTOP');
  await waitFor(() => isStopped(service.pid), { until: `${service.name} is stopped` });
}

export function resume(service: Service): void {
  service.signal('SIGCONT');
}

/** The signal is delivered at once, but takes effect a moment later. Without /proc it is taken as done. */
function isStopped(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return true;
  const stat = readFileSync(file, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}
