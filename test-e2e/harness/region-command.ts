// What operators ask of a region, and what became of it.
import { waitFor } from '@singularity-workflow/testkit';
import type { Region } from './region.js';

export interface Carried {
  readonly state: 'done' | 'failed';
  /** A sentence. */
  readonly outcome: string | null;
}

const LIMIT_MS = 240_000;

/** Returns when it is over. */
export async function carriedOut({ db }: Region, command: string, given: object): Promise<Carried> {
  const [asked] = await db.sql<{ id: string }>('select command_id as id from workflow.request_region_command($1)', [
    { command, arguments: given },
  ]);
  const over = async (): Promise<Carried | null> => {
    const [seen] = await db.sql<Carried>('select state, outcome from workflow.region_commands where command_id = $1', [asked!.id]);
    return seen!.state === 'done' || seen!.state === 'failed' ? seen! : null;
  };
  return waitFor(over, { until: `${command} is over`, timeoutMs: LIMIT_MS, everyMs: 100 });
}
