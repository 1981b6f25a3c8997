// What the regions that are left do after one was lost, by what they have written down. Times are of the databases' clocks, all of one machine.
import { waitFor } from '@singularity-workflow/testkit';
import type { Planet } from './planet.js';

export interface Lost {
  readonly region: string;
  /** That were at home there. */
  readonly tenants: readonly string[];
  /** When it was killed, and when nothing of it ran any more. */
  readonly lostAt: Date;
  readonly goneAt: Date;
}

const LIMIT_MS = 120_000;

const DECIDED = `
  select min(t.decided_at) as at from workflow.topology t where t.value ->> 'kind' = 'takeover' and t.decided_at > $1`;
const FIRST_TASK = `
  select min(t.started_at) as at from workflow.step_tasks t join workflow.workflow_runs r using (run_id)
   where r.tenant_id = any ($2) and t.started_at > $1`;
const OPEN = `
  select count(*)::int as open from workflow.workflow_runs r where r.tenant_id = any ($1) and r.finished_at is null`;

/** The first moment that one of those who are left has written down. */
async function firstOf(planet: Planet, { region }: Lost, text: string, values: unknown[]): Promise<Date | null> {
  const left = planet.up.filter((name) => name !== region);
  const answers = await Promise.all(left.map((name) => planet.at(name).db.sql<{ at: Date | null }>(text, values)));
  const moments = answers.flatMap(([row]) => (row?.at ? [row.at.getTime()] : []));
  return moments.length === 0 ? null : new Date(Math.min(...moments));
}

const waitForMoment = (moment: () => Promise<Date | null>, until: string): Promise<Date> =>
  waitFor(moment, { until, timeoutMs: LIMIT_MS, everyMs: 200 });

/** kill -9 of a region; `tenants`: of whom those that are at home there are looked at. */
export async function kill(planet: Planet, region: string, tenants: readonly string[]): Promise<Lost> {
  const homes = await planet.homesOf(tenants);
  const lostAt = new Date();
  await planet.kill(region);
  return { region, tenants: tenants.filter((tenant) => homes.get(tenant) === region), lostAt, goneAt: new Date() };
}

/** When its groups were given to others. */
export const decided = (planet: Planet, lost: Lost): Promise<Date> =>
  waitForMoment(() => firstOf(planet, lost, DECIDED, [lost.lostAt]), `the groups of ${lost.region} are given to others`);

/** When the first task of its tenants was started elsewhere. */
export const taskStarted = (planet: Planet, lost: Lost): Promise<Date> =>
  waitForMoment(
    () => firstOf(planet, lost, FIRST_TASK, [lost.goneAt, lost.tenants]),
    `a task of a tenant of ${lost.region} is started elsewhere`,
  );

/** Until no run of these tenants is open, as their homes of now say. */
export async function ended(planet: Planet, tenants: readonly string[], timeoutMs = LIMIT_MS): Promise<void> {
  const isOver = async (): Promise<boolean> => {
    const homes = await planet.homesOf(tenants);
    const open = planet.up.map(async (name) => {
      const own = tenants.filter((tenant) => homes.get(tenant) === name);
      return (await planet.at(name).db.sql<{ open: number }>(OPEN, [own]))[0]!.open;
    });
    return (await Promise.all(open)).every((count) => count === 0) && tenants.every((tenant) => planet.isUp(homes.get(tenant)!));
  };
  await waitFor(isOver, { until: 'no run is open', timeoutMs, everyMs: 200 });
}
