// Runs with durability quorum in a database that believes it is one region of three (regions/homes), and what is held back of them. `confirm` leaves the
// region alone with its vote, so that what it has flushed is confirmed; that other regions confirm, or do not: test/regions/held_messages.links.
import { type Homes, useHomes } from '../regions/homes.js';

interface HeldRow {
  readonly step_slug: string;
  readonly task_index: number;
  readonly position: string | null;
}

export interface Held {
  readonly homes: Homes;
  readonly tenant: (nth?: number) => string;
  /** A run of workflow `w` (a, then b). */
  readonly start: (durability?: 'local' | 'quorum' | 'none', rest?: object) => Promise<string>;
  readonly held: (runId?: string) => Promise<HeldRow[]>;
  /** Steps of messages that are held back, and that are in the queue. */
  readonly slugs: (runId?: string) => Promise<string[]>;
  readonly queued: (runId?: string) => Promise<unknown[]>;
  readonly release: (limit?: number) => Promise<Record<string, unknown>>;
  readonly confirm: () => Promise<unknown>;
  readonly worker: () => ReturnType<Homes['db']['make']['worker']>;
}

const HELD = `
  select step_slug, task_index, position from workflow.held_messages where run_id = coalesce($1, run_id) order by step_slug, task_index`;

/** The tests' server waits for no disk; what a region commits is flushed when it is answered. */
const FLUSH = `select set_config('synchronous_commit', 'on', true), pg_logical_emit_message(true, 'test', '')`;

export function useHeld(): Held {
  const homes = useHomes();
  const { db } = homes;
  beforeEach(async () => {
    await homes.found();
    await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
  });
  const tenant = (nth = 0): string => homes.tenantOf('here', nth);
  const held = (runId?: string): Promise<HeldRow[]> => db.sql<HeldRow & Record<string, unknown>>(HELD, [runId ?? null]);
  return {
    homes,
    tenant,
    start: (durability = 'quorum', rest = {}) =>
      db.make.start('w', {}, { tenant_id: tenant(), ...(durability !== 'none' && { durability }), ...rest }),
    held,
    slugs: async (runId) => (await held(runId)).map(({ step_slug: slug }) => slug),
    queued: async (runId) => (await db.make.messages('default', runId)).map(({ message }) => message['step_slug']),
    release: async (limit = 100) => {
      const token = await db.make.leaderToken();
      await db.sql(FLUSH);
      return (await db.call('release_held_messages', [token, limit]))[0]!;
    },
    confirm: () => db.sql(`update workflow.region_members set state = 'gone' where region <> 'here'`),
    worker: () =>
      db.make.worker({
        runnableSteps: [
          ['w', 'a'],
          ['w', 'b'],
        ],
      }),
  };
}
