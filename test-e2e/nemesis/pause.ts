// A process that does not run for a while and knows nothing of it: a machine that was suspended, a container that was frozen.
import { waitFor } from '@singularity-workflow/testkit';
import { isStopped } from '../harness/processes.js';
import type { Service } from '../harness/service.js';

export async function pause(service: Service): Promise<void> {
  service.signal('SIGSTOP');
  await waitFor(() => isStopped(service.pid), { until: `${service.name} is stopped` });
}

export function resume(service: Service): void {
  service.signal('SIGCONT');
}
