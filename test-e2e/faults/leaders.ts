// kill -9, or SIGSTOP and SIGCONT, of the processes that hold leases, each with a standby. Default settings: a lease lasts 10 s and is renewed every
// third of that; a worker is dead after 6 s.
//
// What counts is not that somebody holds the lease, but that the next leader acts: a run that fell due is started, a dead worker is recorded, a
// handler begins.
import type { Region } from '../harness/region.js';
import { type LeaseName, type Reign, reigns, successors } from '../harness/reigns.js';
import { kill } from '../nemesis/kill.js';
import { pause, resume } from '../nemesis/pause.js';
import { moment } from '../harness/moment.js';
import { act, changeIsRecorded, deposed, refusesTokenOf } from './leaders-acts.js';
import type { Fault, Scenario } from './scenario.js';
import type { Trial } from './trial.js';

const RENEWAL_MS = 3_333;
const ALL: readonly LeaseName[] = ['scheduler', 'failover-monitor', 'orchestrator:leader'];
const BOUND_MS = 15_000;

type Strike = (trial: Trial, former: readonly Reign[]) => Promise<void>;

function losing(name: string, measured: string, leases: readonly LeaseName[], strike: Strike): Scenario {
  return {
    name,
    measured,
    boundMs: BOUND_MS,
    region: {
      schedulers: leases.includes('scheduler') ? 2 : 1,
      monitors: leases.includes('failover-monitor') ? 2 : 1,
      executors: leases.includes('orchestrator:leader') ? 0 : 1,
    },
    prepare: async (region): Promise<Fault> => {
      const guard = new Guard(region, leases);
      return {
        strike: async (trial) => {
          await guard.standbysAreThere(trial);
          const former = await reigns(region, leases);
          await trial.anyMoment(RENEWAL_MS);
          await strike(trial, former);
          await region.settled();
          await trial.outputsAreRight(trial.acknowledged);
        },
      };
    },
  };
}

const KILLED = 'from kill -9 until the next leader acts';
export const schedulerLeaderKilled = losing('scheduler-leader-killed', KILLED, ['scheduler'], killed);
export const monitorLeaderKilled = losing('monitor-leader-killed', KILLED, ['failover-monitor'], killed);
export const orchestratorLeaderKilled = losing('orchestrator-leader-killed', KILLED, ['orchestrator:leader'], killed);
/** The three above at the same time: what `npm test` has time for. */
export const allLeadersKilled = losing('all-leaders-killed', KILLED, ALL, killed);
export const leaderPaused = losing('leader-paused', 'from SIGSTOP until the next leader acts', ALL, paused);

/** Sees to it that each lease has a leader and one who waits for it. */
class Guard {
  private isFirst = true;

  constructor(
    private readonly region: Region,
    private readonly leases: readonly LeaseName[],
  ) {}

  /** A process that comes back gets nothing by itself: who leads goes on. */
  async standbysAreThere(trial: Trial): Promise<void> {
    const before = this.isFirst ? [] : await reigns(this.region, this.leases);
    this.isFirst = false;
    await Promise.all(this.leases.map((lease) => (lease === 'orchestrator:leader' ? this.orchestrators() : this.pair(lease))));
    const after = await reigns(this.region, this.leases);
    const names = (all: readonly Reign[]) => all.map(({ leader, token }) => `${leader.name} with token ${token}`);
    if (before.length > 0) trial.same('who leads after others came', names(after), names(before));
  }

  private async pair(app: 'scheduler' | 'failover-monitor'): Promise<void> {
    while (this.region.of(app).length < 2) await this.region.add(app);
  }

  private async orchestrators(): Promise<void> {
    for (const role of ['primary', 'standby']) {
      const isThere = this.region.of('executor').some(({ env }) => env['ORCHESTRATOR_ROLE'] === role);
      if (!isThere) await this.region.add('executor', { TOPOLOGY: 'active-passive', ORCHESTRATOR_ROLE: role });
      if (this.leases.length > 0) await reigns(this.region, ['orchestrator:leader']);
    }
  }
}

async function killed(trial: Trial, former: readonly Reign[]): Promise<void> {
  const acts = await Promise.all(former.map((reign) => act(trial, reign)));
  const killedAt = Math.min(...(await Promise.all(former.map(({ leader }) => kill(leader)))));
  await Promise.all(acts.map(async ({ lease, done }) => trial.measured(lease, (await done()) - killedAt)));
  const next = await successors(trial.region, former);
  trial.same(
    'tokens of the next',
    tokensOf(next),
    tokensOf(former).map((token) => token + 1),
  );
  for (const reign of former) {
    await refusesTokenOf(trial, reign);
    await changeIsRecorded(trial, reign);
  }
}

/** They stand still until others lead and act, and learn of it when they go on. */
async function paused(trial: Trial, former: readonly Reign[]): Promise<void> {
  const acts = await Promise.all(former.map((reign) => act(trial, reign)));
  const pausedAt = moment();
  await Promise.all(former.map(({ leader }) => pause(leader)));
  await Promise.all(acts.map(async ({ lease, done }) => trial.measured(lease, (await done()) - pausedAt)));
  const next = await successors(trial.region, former);
  for (const { leader } of former) resume(leader);
  for (const reign of former) {
    await deposed(reign);
    await refusesTokenOf(trial, reign);
    await changeIsRecorded(trial, reign);
  }
  trial.same(
    'tokens of the next',
    tokensOf(next),
    tokensOf(former).map((token) => token + 1),
  );
  const leases = former.map(({ lease }) => lease);
  const now = await reigns(trial.region, leases);
  trial.same(
    'who leads once the former are awake',
    now.map(({ leader }) => leader.name),
    next.map(({ leader }) => leader.name),
  );
}

const tokensOf = (all: readonly Reign[]): number[] => all.map(({ token }) => token);
