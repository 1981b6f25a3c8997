// What links lose, and what arrives over them late or twice: the copies must be equal in the end, and nobody is taken over without need.
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../../harness/moment.js';
import { tenants } from '../../harness/planet-load.js';
import { survey } from '../../harness/survey.js';
import { TAKEOVER_BOUND_MS, takenOver } from './elsewhere.js';
import { onPlanet } from './planet-scenario.js';
import { submitOneEach } from './same-keys.js';

const LIMIT_MS = 180_000;

const END_READER = 'select pg_terminate_backend(s.active_pid, 5000) from pg_replication_slots s where s.slot_name = $1 and s.active';
const SLOTS = `select slot_name as slot from pg_replication_slots where slot_type = 'logical' and slot_name like 'sub\\_%' and not temporary order by 1`;

/** A link loses its place in the stream of a region under load: it must be made anew by itself, by a copy. */
export const slotLost = onPlanet(
  { name: 'slot-lost', measured: 'from the loss of the slot to the link being whole again', boundMs: null },
  async (trial) => {
    const { region } = await trial.victim();
    const { db } = trial.planet.at(region);
    const [slot] = await db.sql<{ slot: string }>(SLOTS);
    const epoch = (await survey(db)).epoch;
    const drop = async (): Promise<boolean> => {
      await db.sql(END_READER, [slot!.slot]);
      return db.sql('select pg_drop_replication_slot($1)', [slot!.slot]).then(
        () => true,
        () => false, // somebody reads from it again
      );
    };
    await waitFor(drop, { until: `the slot ${slot!.slot} is dropped`, timeoutMs: LIMIT_MS, everyMs: 20 });
    const from = moment();
    const isLost = async () => (await survey(db)).links.some(({ up }) => !up);
    await waitFor(isLost, { until: 'the loss is seen', timeoutMs: LIMIT_MS, everyMs: 20 });
    await trial.planet.linked();
    trial.measured('whole again', moment() - from);
    trial.same('decisions meanwhile', (await survey(db)).epoch - epoch, 0);
  },
);

/**
 * A region that is cut off acknowledges runs as long as it has its lease; its successor, which has not heard of them, acknowledges others with the same
 * keys. After the heal one of each stands, everywhere.
 */
export const healedWithSameKeys = onPlanet(
  { name: 'healed-with-same-keys', measured: 'from the cut to the first task of its tenants elsewhere', boundMs: TAKEOVER_BOUND_MS },
  async (trial) => {
    const victim = await trial.victim();
    const { planet } = trial;
    const key = trial.named('same');
    const from = new Date();
    for (const other of victim.others) planet.passages.cut(victim.region, other);
    const there = await submitOneEach(trial, victim.tenants, { key, homeOf: () => victim.region });
    trial.holds('a region that was cut off acknowledges runs while it has its lease', there.length > 0);
    await takenOver(trial, victim, from);
    const homes = await planet.homesOf(tenants);
    const here = await submitOneEach(trial, victim.tenants, { key, homeOf: (tenant) => homes.get(tenant)! });
    trial.same('runs with the same keys that the successors acknowledged', here.length, victim.tenants.length);
    const both = here.filter(({ runId }) => there.some((run) => run.runId === runId));
    trial.same('runs that both sides acknowledged', both.length, 0);
  },
);
