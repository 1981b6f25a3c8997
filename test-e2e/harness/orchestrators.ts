// Executors in active-passive: started with a role, asked who leads.
import { waitFor } from '@singularity-workflow/testkit';
import type { Region } from './region.js';
import type { Service } from './service.js';

export type Role = 'primary' | 'standby';

export interface Term {
  readonly leader: string;
  readonly token: number;
  /** The worker that renews. */
  readonly workerId: string;
}

export const orchestrator = (region: Region, role: Role, env: Readonly<Record<string, string>> = {}): Promise<Service> =>
  region.add('executor', { TOPOLOGY: 'active-passive', ORCHESTRATOR_ROLE: role, ...env });

/** Who leads now; null: nobody. */
export async function term({ db }: Region): Promise<Term | null> {
  const [held] = await db.sql<Term>(
    `select holder_group as leader, token, holder as "workerId" from workflow.leases where name = 'orchestrator:leader' and expires_at > workflow.clock()`,
  );
  return held ?? null;
}

/** Waits until the process's group leads and it knows. */
export async function leads(region: Region, service: Service, role: Role): Promise<Term> {
  const until = `${service.name} leads as ${role}`;
  const held = await waitFor(async () => ((await term(region))?.leader === role ? term(region) : null), {
    until,
    timeoutMs: 60_000,
    everyMs: 20,
  });
  await service.event('leadership_gained', ({ token }) => token === held.token);
  return held;
}
