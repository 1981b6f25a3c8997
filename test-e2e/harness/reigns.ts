// Who leads: the leases, and the processes that hold them.
import { waitFor } from '@singularity-workflow/testkit';
import type { Region } from './region.js';
import type { Service } from './service.js';

export type LeaseName = 'scheduler' | 'failover-monitor' | 'orchestrator:leader';

/** A leader and what it leads with. */
export interface Reign {
  readonly lease: LeaseName;
  readonly leader: Service;
  readonly token: number;
  /** Of the process, also where a group holds the lease. */
  readonly workerId: string;
  /** As events name the holder: the group, or else the worker. */
  readonly holder: string;
}

/** Who leads now; a lease that nobody holds is left out. */
export async function reignsNow(region: Region, leases: readonly LeaseName[]): Promise<Reign[]> {
  const rows = await region.db.sql<Omit<Reign, 'leader'> & { pid: number }>(
    `select l.name as lease, l.token, l.holder as "workerId", coalesce(l.holder_group, l.holder::text) as holder, w.pid
       from workflow.leases l join workflow.workflow_workers w on w.worker_id = l.holder
      where l.name = any ($1) and l.expires_at > workflow.clock() order by array_position($1, l.name)`,
    [leases],
  );
  return rows.flatMap(({ pid, ...reign }) =>
    region.services.filter((service) => service.pid === pid && service.ended === null).map((leader) => ({ ...reign, leader })),
  );
}

/** Waits until all these leases are held. */
export async function reigns(region: Region, leases: readonly LeaseName[]): Promise<Reign[]> {
  let held: Reign[] = [];
  const all = async () => (held = await reignsNow(region, leases)).length === leases.length;
  await waitFor(all, { until: `the leases ${leases.join(', ')} are held`, timeoutMs: 60_000 });
  return held;
}

/** Waits until others hold the leases. */
export async function successors(region: Region, former: readonly Reign[]): Promise<Reign[]> {
  const leases = former.map(({ lease }) => lease);
  const others = async () => {
    const now = await reignsNow(region, leases);
    return now.length === leases.length && now.every(({ leader }, at) => leader !== former[at]!.leader) ? now : null;
  };
  return waitFor(others, { until: `others hold ${leases.join(', ')}`, timeoutMs: 60_000 });
}
