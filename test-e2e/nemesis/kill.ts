// A process that is gone from one moment to the next: no handler runs, nothing is flushed, its connections break.
import { moment } from '../harness/moment.js';
import type { Service } from '../harness/service.js';

/** Answers when it was killed (see moment.ts), once it is gone. */
export async function kill(service: Service): Promise<number> {
  const at = moment();
  service.signal('SIGKILL');
  await service.exited;
  return at;
}
