// When the others have taken over what was at home in a region that is lost for them, by what stands in their databases. One machine, one clock.
import { waitFor } from '@singularity-workflow/testkit';
import type { PlanetTrial, Victim } from './planet-trial.js';

/** What the defaults promise, from the loss of a region to the first task of its tenants that is started elsewhere. */
export const TAKEOVER_BOUND_MS = 15_000;
const LIMIT_MS = 180_000;

const DECIDED = `
  select min(t.decided_at) as at from workflow.topology t where t.value ->> 'kind' = 'takeover' and t.decided_at > $1 and $2::text[] is not null`;
const STARTED = `
  select min(t.started_at) as at from workflow.step_tasks t join workflow.workflow_runs r using (run_id)
   where r.tenant_id = any ($2) and t.started_at > $1`;

/** Measures both; `from`: when it was lost. What it starts itself until then may still reach the others, where only one way is cut: it is not looked at. */
export async function takenOver(trial: PlanetTrial, victim: Victim, from: Date): Promise<void> {
  const decided = await decidedElsewhere(trial, victim, from);
  trial.measured('decided', decided.getTime() - from.getTime());
  const started = await first(trial, victim, STARTED, decided);
  trial.measured('first task elsewhere', started.getTime() - from.getTime());
}

/** When its homes were given to others. */
export const decidedElsewhere = (trial: PlanetTrial, victim: Victim, from: Date): Promise<Date> => first(trial, victim, DECIDED, from);

async function first({ planet }: PlanetTrial, { region, others, tenants }: Victim, text: string, after: Date): Promise<Date> {
  const look = async (): Promise<Date | null> => {
    const answers = await Promise.all(others.map((name) => planet.at(name).db.sql<{ at: Date | null }>(text, [after, tenants])));
    const moments = answers.flatMap(([row]) => (row?.at ? [row.at.getTime()] : []));
    return moments.length === 0 ? null : new Date(Math.min(...moments));
  };
  return waitFor(look, { until: `${others.join(' or ')} took over what was at home in ${region}`, timeoutMs: LIMIT_MS, everyMs: 100 });
}
