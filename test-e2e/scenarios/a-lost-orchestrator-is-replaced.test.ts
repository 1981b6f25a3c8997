// Active-passive: kill -9 of the leading orchestrator with work in its hands, then SIGSTOP and SIGCONT of its successor. Default settings: a group's
// lease lasts 10 s, a worker is dead after 6 s. How long it took is printed; what must hold is that one group works at a time and nothing is lost.
import { breaches } from '../checker/checker.js';
import { outputOf, runsOf, say, submit } from '../harness/load.js';
import { moment } from '../harness/moment.js';
import { leads, orchestrator, term } from '../harness/orchestrators.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion, type Region } from '../harness/region.js';
import type { Service } from '../harness/service.js';
import { kill } from '../nemesis/kill.js';
import { pause, resume } from '../nemesis/pause.js';

const RUNS = 60;
const BUSY = { workMs: 150 };

it(
  'puts the standby in the place of a leader that was killed or paused, and gives a returned primary nothing by itself',
  inRegion({ executors: 0 }, async (region) => {
    const { client, db } = region;
    const primary = await orchestrator(region, 'primary');
    const first = await leads(region, primary, 'primary');
    const standby = await orchestrator(region, 'standby');

    const early = await submit(client, runsOf('e2e-chain', RUNS, BUSY));
    await region.started(primary, 10);
    const killedAt = await kill(primary);
    const second = await leads(region, standby, 'standby');
    await region.settled();
    expect(second.token).toBeGreaterThan(first.token);
    expect(await region.outputs(early)).toEqual(early.map(outputOf));
    say(`orchestrator killed: the standby's first handler began after ${seconds(firstStartIn(region, standby) - killedAt)}`);

    const returned = await orchestrator(region, 'primary');
    const more = await submit(client, runsOf('e2e-chain', RUNS, BUSY, RUNS));
    await region.started(standby, 10);
    expect(await term(region)).toMatchObject({ leader: 'standby', token: second.token });
    expect(region.startsIn(returned)).toEqual([]);

    const { workerId } = await standby.event('worker_registered');
    const pausedAt = moment();
    await pause(standby);
    const third = await leads(region, returned, 'primary');
    await region.settled();
    say(`orchestrator paused: the next one's first handler began after ${seconds(firstStartIn(region, returned) - pausedAt)}`);
    resume(standby);
    await standby.event('leadership_lost', ({ token }) => token === second.token);
    await standby.event('worker_registered', ({ again }) => again);
    await refused(region, workerId, second.token);

    const last = await submit(client, runsOf('e2e-chain', 20, {}, 2 * RUNS));
    await region.settled();
    const acknowledged = [...early, ...more, ...last];
    expect(await region.outputs(acknowledged)).toEqual(acknowledged.map(outputOf));
    expect(await term(region)).toMatchObject({ leader: 'primary', token: third.token });
    expect(breaches(await readHistory(db, { acknowledged, attempts: region.attempts() }))).toEqual([]);
    const changes = await db.sql<{ former: string | null; successor: string }>(
      `select former, successor from workflow.failover_events where kind = 'leader_changed' and subject = 'orchestrator:leader' order by event_id`,
    );
    expect(changes).toEqual([
      { former: null, successor: 'primary' },
      { former: 'primary', successor: 'standby' },
      { former: 'standby', successor: 'primary' },
    ]);
  }),
);

/** The woken leader's token, tried by hand: with its old worker id, and with one that lives. */
async function refused({ db }: Region, formerId: string, token: number): Promise<void> {
  const executor = db.as('workflow_executor');
  await expect(executor.call('start_tasks', [formerId, ['default'], 1, token])).rejects.toMatchObject({ code: 'WF301' });
  const [living] = await db.sql<{ id: string }>(
    `select worker_id as id from workflow.worker_states where orchestrator_group = 'standby' and state = 'active'`,
  );
  await expect(executor.call('start_tasks', [living!.id, ['default'], 1, token])).rejects.toMatchObject({
    code: 'WF302',
    message: expect.stringContaining(`token ${token} of group standby does not hold the lease orchestrator:leader: primary does`),
  });
}

const firstStartIn = (region: Region, service: Service): number => Math.min(...region.startsIn(service).map(({ at }) => at));
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
