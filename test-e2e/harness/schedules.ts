// Who leads the schedulers, and what schedules have started: read from the tables, as anybody may.
import type { Region } from './region.js';
import type { Service } from './service.js';

export interface Slot {
  readonly name: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly runs: number;
  /** How late the run was stored. */
  readonly lateMs: number;
}

/** Each slot that started a run, by schedule and time. */
export function firedSlots({ db }: Region): Promise<Slot[]> {
  return db.sql<Slot>(
    `select r.labels ->> 'schedule' as name, extract(epoch from r.run_at)::int as at, count(*)::int as runs,
            max(extract(epoch from r.created_at - r.run_at) * 1000)::int as "lateMs"
       from workflow.workflow_runs r
      where r.labels ? 'schedule'
      group by 1, 2
      order by 1, 2`,
  );
}

/** The scheduler that holds the lease now, and its token. */
export async function leadingScheduler(region: Region): Promise<{ leader: Service; token: number } | undefined> {
  const [held] = await region.db.sql<{ pid: number; token: number }>(
    `select w.pid, l.token from workflow.leases l join workflow.workflow_workers w on w.worker_id = l.holder
      where l.name = 'scheduler' and l.expires_at > workflow.clock()`,
  );
  const leader = region.of('scheduler').find(({ pid }) => pid === held?.pid);
  return held === undefined || leader === undefined ? undefined : { leader, token: held.token };
}
