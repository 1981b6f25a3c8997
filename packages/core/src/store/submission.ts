// How runs are submitted: start_runs, and whoever works for the queues that got work is woken. After a quiet time, when a worker that waits is what
// matters, the wake-up goes off in the same call; while there is much to do wake-ups are sent together.
import type { RunStore, StartRunRequest, StartRunRow } from './run.store.js';
import type { Wakeups } from './wakeups.js';

/** More of them take so long to store that a round trip more for the wake-up does not show; and their answers are read faster as rows. */
const FEW = 16;

export interface SubmissionParts {
  runs: Pick<RunStore, 'start' | 'startAndWake'>;
  wakeups: Pick<Wakeups, 'notify' | 'takeTurn' | 'told'>;
}

/** Up to 1,000 requests in one transaction; one row per request. Throws `invalid_request`, `batch_too_large`. */
export async function submitRuns({ runs, wakeups }: SubmissionParts, requests: readonly StartRunRequest[]): Promise<StartRunRow[]> {
  if (requests.length > FEW || !wakeups.takeTurn()) {
    const rows = await runs.start(requests);
    wakeups.notify(queuesOf(rows));
    return rows;
  }
  const rows = await runs.startAndWake(requests);
  wakeups.told(queuesOf(rows));
  return rows;
}

function queuesOf(rows: readonly StartRunRow[]): string[] {
  return [...new Set(rows.flatMap(({ queues }) => queues ?? []))];
}
