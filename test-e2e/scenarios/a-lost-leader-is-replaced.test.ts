// kill -9, then SIGSTOP and SIGCONT, of the scheduler and the failover-monitor that lead, each with a standby. Default settings: a lease lasts 10 s.
import { waitFor } from '@singularity-workflow/testkit';
import { outputOf, runsOf, say, submit } from '../harness/load.js';
import { moment } from '../harness/moment.js';
import { inRegion, type Region } from '../harness/region.js';
import type { Service } from '../harness/service.js';
import { kill } from '../nemesis/kill.js';
import { pause, resume } from '../nemesis/pause.js';

const LEASE_LOST = 'WF302';

/** A leader and what it leads with. */
interface Reign {
  readonly lease: 'scheduler' | 'failover-monitor';
  readonly leader: Service;
  readonly token: number;
  readonly workerId: string;
}

it(
  'puts the standby in the place of a leader that was killed or paused; refuses the token of the former',
  inRegion({ schedulers: 2, monitors: 2 }, async (region) => {
    const former = await reigns(region);
    await killed(region, former);
    const second = await reigns(region);
    expect(second.map(({ token }) => token)).toEqual(former.map(({ token }) => token + 1));
    await refusesTokensOf(region, former);

    await Promise.all(second.map(({ lease }) => region.add(lease)));
    await paused(region, second);
    const third = await reigns(region);
    expect(third.map(({ token }) => token)).toEqual(second.map(({ token }) => token + 1));
    await refusesTokensOf(region, second);
  }),
);

/** Both leaders die at once. A run that falls due meanwhile is started by the next scheduler, the deaths are recorded by the next monitor. */
async function killed(region: Region, former: readonly Reign[]): Promise<void> {
  const [executor] = region.of('executor');
  const due = runsOf('e2e-chain', 1).map((run) => ({ ...run, runAt: new Date(Date.now() + 1_000) }));
  const started = await submit(region.client, due);
  const killedAt = Math.min(...(await Promise.all(former.map(({ leader }) => kill(leader)))));

  await region.settled();
  expect(await region.outputs(started)).toEqual(started.map(outputOf));
  const startedAfter = region.startsIn(executor!)[0]!.at - killedAt;
  await waitFor(() => recorded(region, former), { until: 'both deaths and both changes are recorded', timeoutMs: 60_000 });
  const recordedAfter = moment() - killedAt;
  say(
    `next leaders after kill -9: a due run is started after ${seconds(startedAfter)}, deaths are recorded after ${seconds(recordedAfter)}`,
  );
}

/** Both leaders stand still until others lead, and learn of it when they go on. */
async function paused(region: Region, former: readonly Reign[]): Promise<void> {
  await Promise.all(former.map(({ leader }) => pause(leader)));
  const othersLead = async (): Promise<boolean> => {
    const now = await leases(region);
    return now.length === former.length && now.every(({ leader }, at) => leader !== former[at]!.leader);
  };
  await waitFor(othersLead, { until: 'others lead', timeoutMs: 60_000 });
  for (const { leader } of former) resume(leader);
  for (const { leader, token } of former) {
    await leader.event('lease_lost', (lost) => lost.token === token);
    await waitFor(async () => (await stateOf(leader)) === 'standby', { until: `${leader.name} stands by` });
  }
}

/** Who leads, once both leases are held. */
async function reigns(region: Region): Promise<Reign[]> {
  let held: Reign[] = [];
  await waitFor(async () => (held = await leases(region)).length === 2, { until: 'both leases are held', timeoutMs: 60_000 });
  return held;
}

async function leases(region: Region): Promise<Reign[]> {
  const rows = await region.db.sql<{ lease: Reign['lease']; token: number; workerId: string; pid: number }>(
    `select l.name as lease, l.token, l.holder as "workerId", w.pid from workflow.leases l join workflow.workflow_workers w on w.worker_id = l.holder
      where l.expires_at > workflow.clock() order by l.name desc`,
  );
  return rows.flatMap(({ pid, ...reign }) =>
    region.services.filter((service) => service.pid === pid).map((leader) => ({ ...reign, leader })),
  );
}

async function recorded({ db }: Region, former: readonly Reign[]): Promise<boolean> {
  const events = await db.sql<{ kind: string; former: string }>('select kind, former from workflow.failover_events');
  return former.every(({ workerId }) =>
    ['leader_changed', 'worker_expired'].every((kind) => events.some((event) => event.kind === kind && event.former === workerId)),
  );
}

async function refusesTokensOf({ db }: Region, former: readonly Reign[]): Promise<void> {
  const [scheduler, monitor] = former;
  await expect(db.as('workflow_scheduler').call('requeue_lost_tasks', [scheduler!.token, 10])).rejects.toMatchObject({ code: LEASE_LOST });
  await expect(db.as('workflow_monitor').call('expire_workers', [monitor!.token, 10])).rejects.toMatchObject({ code: LEASE_LOST });
}

async function stateOf(leader: Service): Promise<string> {
  const { details } = (await (await fetch(`${await leader.address()}/health`)).json()) as { details: Record<string, { state: string }> };
  return details[leader.app]!.state;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
