// Schedules that fire each second, while the scheduler that leads is killed, and the next one paused until others lead and then woken. Default
// settings. With the rule `none`, so that a slot which counted as missed would be a gap.
import { waitFor } from '@singularity-workflow/testkit';
import { say } from '../harness/load.js';
import { inRegion, type Region } from '../harness/region.js';
import { firedSlots, leadingScheduler } from '../harness/schedules.js';
import { kill } from '../nemesis/kill.js';
import { pause, resume } from '../nemesis/pause.js';

const SCHEDULES = 10;
const TENANT = 'e2e';
const names = Array.from({ length: SCHEDULES }, (_, i) => `second-${i}`);

it(
  'starts one run for each slot, over the death of a leader and the return of a paused one',
  inRegion({ schedulers: 2, record: false }, async (region) => {
    for (const name of names) {
      const input = { n: 1, gates: [] };
      await region.client.schedules.create({ tenant_id: TENANT, name, cron: '* * * * * *', workflow: 'e2e-held', input, catch_up: 'none' });
    }
    await caughtUp(region);

    const first = await leading(region);
    await kill(first.leader);
    await leading(region, first.token);
    await caughtUp(region);

    await region.add('scheduler');
    const second = await leading(region);
    await pause(second.leader);
    const third = await leading(region, second.token);
    await caughtUp(region);
    resume(second.leader);
    await second.leader.event('lease_lost', ({ token }) => token === second.token);
    await expect(region.db.as('workflow_scheduler').call('fire_schedules', [second.token, '[]'])).rejects.toMatchObject({ code: 'WF302' });
    await caughtUp(region);
    expect((await leading(region)).token).toBe(third.token);

    for (const name of names) await region.client.schedules.delete(TENANT, name);
    await region.settled();
    const slots = await firedSlots(region);
    expect(slots.filter(({ runs }) => runs !== 1)).toEqual([]);
    for (const name of names) {
      const times = slots.filter((slot) => slot.name === name).map(({ at }) => at);
      expect(times).toEqual(Array.from({ length: times.at(-1)! - times[0]! + 1 }, (_, second) => times[0]! + second));
    }
    say(`${slots.length} slots fired once each; the latest of them ${Math.max(...slots.map(({ lateMs }) => lateMs)) / 1_000} s late`);
  }),
);

/** The leader, once there is one; one with a later token where that is wanted. */
function leading(region: Region, after = 0): Promise<NonNullable<Awaited<ReturnType<typeof leadingScheduler>>>> {
  const found = async () => {
    const held = await leadingScheduler(region);
    return held !== undefined && held.token > after ? held : undefined;
  };
  return waitFor(found, { until: `a scheduler leads with a token after ${after}`, timeoutMs: 60_000 });
}

/** Waits until each schedule has fired a slot of the last three seconds. */
async function caughtUp(region: Region): Promise<void> {
  const latest = `select count(*)::int as n from workflow.workflow_schedules where last_slot_at > workflow.clock() - interval '3 seconds'`;
  const begunAt = Date.now();
  const all = async () => Date.now() > begunAt + 3_000 && (await region.db.sql<{ n: number }>(latest))[0]!.n === SCHEDULES;
  await waitFor(all, { until: 'all schedules fire again', timeoutMs: 60_000 });
}
