// No fault: a fourth region joins under load, and takes its share of the groups from the others by itself.
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../../harness/moment.js';
import { Planet } from '../../harness/planet.js';
import { PlanetLoad, tenants } from '../../harness/planet-load.js';
import type { Stage, Staged } from '../scenario.js';
import { measureGaps } from './evacuation.js';
import { REGIONS } from './planet-scenario.js';
import { PlanetTrial } from './planet-trial.js';

const NEWCOMER = 'sa-east';
const LIMIT_MS = 240_000;

/** Of each region how many groups of more than one tenant it holds, as one of them knows. */
const GROUPS = `
  select region, count(*)::int as groups from workflow.placement where placement_group not like 'tenant/%' group by region`;
/** Who got groups by moves, after an epoch. */
const HEIRS = `
  select distinct m.region
    from workflow.topology t, jsonb_each_text(t.value -> 'groups') g join workflow.region_members m on m.member_id = g.value::uuid
   where t.value ->> 'kind' = 'move' and t.epoch > $1`;
const STATE = 'select state from workflow.region_members where region = $1';

/** Every try has regions of its own: nobody joins twice. */
class Joining implements Stage {
  private planet: Planet | null = null;

  async attempt(nth: number, random: () => number) {
    await this.close();
    this.planet = await Planet.start(REGIONS, { region: { record: 'attempts' } });
    const ground = { planet: this.planet, load: new PlanetLoad(this.planet), acknowledged: [], stoppedAt: new Map<string, number[]>() };
    const trial = new PlanetTrial(ground, nth, random);
    await this.planet.linked();
    await trial.work({ heeds: true });
    await join(trial, this.planet);
    return trial.end();
  }

  complaints(): string[] {
    return this.planet?.complaints() ?? [];
  }

  async close(): Promise<void> {
    await this.planet?.close();
    this.planet = null;
  }
}

async function join(trial: PlanetTrial, planet: Planet): Promise<void> {
  const { db } = planet.at(REGIONS[0]);
  const [{ epoch }] = (await db.sql('select last_epoch::int as epoch from workflow.mesh')) as [{ epoch: number }];
  const groupsOf = async (): Promise<Record<string, number>> =>
    Object.fromEntries((await db.sql<{ region: string; groups: number }>(GROUPS)).map(({ region, groups }) => [region, groups]));
  const before = await groupsOf();
  const total = Object.values(before).reduce((sum, groups) => sum + groups, 0);
  const share = Math.floor(total / (REGIONS.length + 1));

  await planet.add(NEWCOMER);
  const asked = moment();
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    await waitFor(isSo, { until: what, timeoutMs: LIMIT_MS, everyMs: 100 });
  };
  await until(`${NEWCOMER} is full`, async () =>
    (await db.sql<{ state: string }>(STATE, [NEWCOMER])).some(({ state }) => state === 'full'),
  );
  const full = moment();
  const homes = await planet.homesOf(tenants);
  await until(`${NEWCOMER} has its share`, async () => ((await groupsOf())[NEWCOMER] ?? 0) >= share);
  trial.measured('has its share', moment() - asked);
  trial.measured('is full', full - asked);

  trial.holds('a fourth region takes a quarter of the groups and no more', ((await groupsOf())[NEWCOMER] ?? 0) <= share + 1);
  const heirs = (await db.sql<{ region: string }>(HEIRS, [epoch])).map(({ region }) => region);
  trial.same('who got groups by moves', heirs, [NEWCOMER]);
  const moved = [...(await planet.homesOf(tenants))].flatMap(([tenant, home]) => (home === NEWCOMER ? [tenant] : []));
  await measureGaps(trial, new Map(moved.map((tenant) => [tenant, homes.get(tenant)!])), full);
}

/** It copies, becomes full, and takes a quarter of the groups, while runs are submitted and executed everywhere. */
export const fourthRegionJoins: Staged = {
  name: 'fourth-region-joins',
  measured: 'from the command to its quarter of the groups; gap: a tenant, from its last handler there to its first one here',
  boundMs: null,
  build: () => Promise.resolve(new Joining()),
};
