// What a leader does that nobody else may, asked for just before it is lost; and what must not be possible any more for the one that was.
import { waitFor } from '@singularity-workflow/testkit';
import { moment } from '../harness/moment.js';
import type { LeaseName, Reign } from '../harness/reigns.js';
import type { Service } from '../harness/service.js';
import type { Trial } from './trial.js';

export interface Act {
  readonly lease: LeaseName;
  /** Waits until the next leader has done it; answers when. */
  readonly done: () => Promise<number>;
}

const LIMIT_MS = 60_000;
const LEASE_LOST = 'WF302';
/** Time to lose the leader before the run falls due. */
const DUE_AFTER_MS = 1_000;
const RUNS = 60;

const ACTS: Readonly<Record<LeaseName, (trial: Trial, former: Reign) => Promise<Act['done']>>> = {
  scheduler: dueRunIsStarted,
  'failover-monitor': deathIsRecorded,
  'orchestrator:leader': handlerBegins,
};

/** Asks for the work; the leader must be lost right after. */
export async function act(trial: Trial, former: Reign): Promise<Act> {
  return { lease: former.lease, done: await ACTS[former.lease](trial, former) };
}

async function dueRunIsStarted(trial: Trial): Promise<Act['done']> {
  const [due] = await trial.submitAll(trial.wanted('e2e-chain', 1).map((run) => ({ ...run, runAt: new Date(Date.now() + DUE_AFTER_MS) })));
  const { db } = trial.region;
  const isStarted = async () =>
    (await db.sql(`select from workflow.workflow_runs where run_id = $1 and status <> 'scheduled'`, [due!.runId])).length > 0;
  return whenever(isStarted, 'a due run is started');
}

/** That of the monitor itself, silent from now on. It may have been silent before, in an earlier try. */
async function deathIsRecorded({ region }: Trial, { workerId }: Reign): Promise<Act['done']> {
  const look = `select count(*)::int as count from workflow.failover_events where kind = 'worker_expired' and former = $1`;
  const deaths = async () => (await region.db.sql<{ count: number }>(look, [workerId]))[0]!.count;
  const before = await deaths();
  const isRecorded = async () => (await deaths()) > before;
  return whenever(isRecorded, 'the death of the former monitor is recorded');
}

/** The leader has work in its hands, and more waits. */
async function handlerBegins(trial: Trial, { leader }: Reign): Promise<Act['done']> {
  const { region } = trial;
  await trial.submit('e2e-chain', RUNS, { workMs: 150 });
  await region.started(leader, 10);
  const first = () => region.attempts().find(({ kind, process }) => kind === 'start' && process !== leader.name)?.at;
  return () => waitFor(first, { until: `a handler begins elsewhere than in ${leader.name}`, timeoutMs: LIMIT_MS, everyMs: 20 });
}

function whenever(condition: () => Promise<boolean>, until: string): Act['done'] {
  return async () => {
    await waitFor(condition, { until, timeoutMs: LIMIT_MS });
    return moment();
  };
}

/** The one that was woken has learned that it leads no more, and stands by. */
export async function deposed({ lease, leader, token }: Reign): Promise<void> {
  if (lease === 'orchestrator:leader') {
    await leader.event('leadership_lost', (lost) => lost.token === token);
    return;
  }
  await leader.event('lease_lost', (lost) => lost.token === token);
  await waitFor(async () => (await stateOf(leader)) === 'standby', { until: `${leader.name} stands by` });
}

async function stateOf(leader: Service): Promise<string> {
  const { details } = (await (await fetch(`${await leader.address()}/health`)).json()) as { details: Record<string, { state: string }> };
  return details[leader.app]!.state;
}

/** What it would write, with the token that it had. */
export async function refusesTokenOf(trial: Trial, { lease, token, workerId, holder }: Reign): Promise<void> {
  const { db } = trial.region;
  if (lease === 'scheduler') return refused(trial, lease, db.as('workflow_scheduler').call('requeue_lost_tasks', [token, 10]));
  if (lease === 'failover-monitor') return refused(trial, lease, db.as('workflow_monitor').call('expire_workers', [token, 10]));
  const executor = db.as('workflow_executor');
  await refused(trial, `${lease}, as the worker that it was`, executor.call('start_tasks', [workerId, ['default'], 1, token]), 'WF301');
  const [living] = await db.sql<{ id: string }>(
    `select worker_id as id from workflow.worker_states where orchestrator_group = $1 and state = 'active' and worker_id <> $2`,
    [holder, workerId],
  );
  if (living !== undefined) await refused(trial, lease, executor.call('start_tasks', [living.id, ['default'], 1, token]));
}

async function refused(trial: Trial, what: string, call: Promise<unknown>, code = LEASE_LOST): Promise<void> {
  const answer = await call.then(
    () => 'accepted',
    (error: { code?: string }) => error.code,
  );
  trial.same(`the answer to the former token of ${what}`, answer, code);
}

/** Who lost the lease to whom stands in the journal of failovers, with the token of the next. */
export async function changeIsRecorded({ region }: Trial, { lease, holder, token }: Reign): Promise<void> {
  const look = `select from workflow.failover_events where kind = 'leader_changed' and subject = $1 and former = $2 and reason ~ ('with token ' || $3 || '\\M')`;
  const isRecorded = async () => (await region.db.sql(look, [lease, holder, String(token + 1)])).length > 0;
  await waitFor(isRecorded, { until: `the change of ${lease} is recorded`, timeoutMs: LIMIT_MS });
}
