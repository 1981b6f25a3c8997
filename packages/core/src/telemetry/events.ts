// Everything that the engine logs: a closed list of events, each with its payload, its level and its sentence. Ids and counts are fields, so that
// a log can be searched by them. Nothing is logged when nothing happened; a decision is logged when it changes.
import { type AbortReason, type Logger, type LossReason, REGION_EVENT_KINDS, type RegionEventKind } from '../domain/index.js';

interface TaskName {
  runId: string;
  stepSlug: string;
  taskIndex: number;
  attempt: number;
}

export interface EventPayloads {
  service_started: { address: string; version: string };
  service_waiting: { reasons: string[] };
  service_ready: { waitedMs: number };
  service_draining: { signal: string; timeoutMs: number };
  service_hastened: { signal: string };
  service_stopped: { drainedMs: number };
  service_crashed: { reason: string };
  database_lost: { reason: string };
  database_back: { afterMs: number };
  schema_migrated: { applied: string[]; tookMs: number };
  schema_differs: { state: 'missing' | 'too_old' | 'too_new'; have: number; need: number };
  wakeups_unavailable: { reason: string };
  wakeups_listening: { queues: readonly string[] };
  loop_failed: { loop: string; failures: number; nextMs: number; code?: string; reason: string };
  loop_recovered: { loop: string; failures: number };
  lease_acquired: { lease: string; token: number; former: string | null; withoutMs: number | null };
  lease_lost: { lease: string; token: number; reason: string };
  lease_released: { lease: string; token: number };
  leader_changed: { lease: string; former: string | null; successor: string; reason: string; withoutMs: number | null };
  worker_registered: { workerId: string; again: boolean };
  worker_deprecated: { workerId: string };
  worker_stopped: { workerId: string };
  worker_expired: { workerId: string; app: string; host: string; lastHeartbeatAt: Date };
  workers_pruned: { workers: number };
  heartbeat_late: { workerId: string; sinceMs: number };
  modules_loaded: { modules: readonly string[]; workflows: readonly string[] };
  definition_registered: { slug: string; version: number | null; definitionId: string; activated: boolean };
  task_lost: TaskName & { reason: LossReason };
  task_aborted: TaskName & { reason: AbortReason };
  task_failed: TaskName & { code: string; reason: string; retryAt: Date | null };
  task_abandoned: TaskName & { timeoutMs: number };
  handler_missing: { workflow: string; stepSlug: string; tasks: number };
  report_refused: TaskName & { verdict: string };
  reports_kept: { reports: number; reason: string };
  tasks_released: { tasks: number; reason: string };
  step_stuck: { workflow: string; stepSlug: string; queue: string; tasks: number };
  runs_due: { runs: number };
  runs_overdue: { runs: number };
  runs_pruned: { runs: number };
  schedules_fired: { schedules: number; slots: number };
  slots_passed_over: { tenantId: string; name: string; from: Date; rule: string };
  slot_refused: { tenantId: string; name: string; code: string; reason: string };
  schedule_deferred: { tenantId: string; name: string; code: string; reason: string };
  queues_rebuilt: { restored: number; tookMs: number };
  split_brain: { lease: string; holders: string[]; reason: string };
  leadership_gained: { group: string; token: number };
  leadership_lost: { group: string; token: number; reason: string };
  hand_over_asked: { group: string; drainMs: number };
  claim_refused: { reason: string };
  orchestrator_decided: { decision: string; subject: string; reason: string };
  replica_known: { kind: string; region: string | null; lagMs: number };
  replica_unknown: { reason: string };
  primary_lost: { reason: string };
  primary_back: { afterMs: number };
  home_lost: { region: string; reason: string };
  home_back: { region: string; afterMs: number };
  mesh_decided: { action: string; decision: string };
  mesh_waiting: { region: string; reason: string };
  mesh_action_failed: { action: string; decision: string; reason: string };
  mesh_setting_wrong: { reason: string };
  group_adopted: { group: string; runs: number };
  requests_settled: { requests: number };
  claims_stopped: { reason: string };
  claims_go_on: { reason: string };
  region_decided: { decision: string; reason: string };
  region_event: {
    kind: RegionEventKind;
    subject: string;
    former: string | null;
    successor: string | null;
    withoutMs: number | null;
    reason: string;
  };
  region_silent: { region: string; reason: string };
  topology_decided: { epoch: number; kind: string; reason: string };
  topology_not_learned: { reason: string };
  catalog_decided: { epoch: number; reason: string };
  request_failed: { requestId: string; method: string; path: string; code: string; reason: string };
}

export type EventName = keyof EventPayloads;
export type EventLevel = 'debug' | 'info' | 'warn' | 'error';

/** A level, or what it depends on. */
type LevelOf<Name extends EventName> = EventLevel | ((payload: EventPayloads[Name]) => EventLevel);
type Spec<Name extends EventName> = readonly [level: LevelOf<Name>, sentence: (payload: EventPayloads[Name]) => string];

const taskOf = (p: TaskName): string => `${p.runId}:${p.stepSlug}:${p.taskIndex} (attempt ${p.attempt})`;

/** Level and sentence of every event. */
export const EVENTS: { readonly [Name in EventName]: Spec<Name> } = {
  service_started: ['info', (p) => `listening on ${p.address}`],
  service_waiting: ['warn', (p) => `not ready: ${p.reasons.join('; ')}`],
  service_ready: ['info', (p) => `ready after ${p.waitedMs} ms`],
  service_draining: ['info', (p) => `${p.signal}: finishing what runs, for at most ${p.timeoutMs} ms`],
  service_hastened: ['warn', (p) => `${p.signal} again: giving back what still runs`],
  service_stopped: ['info', (p) => `stopped after ${p.drainedMs} ms`],
  service_crashed: ['error', (p) => `stopping after an error that nobody caught: ${p.reason}`],
  database_lost: ['warn', (p) => `the database does not answer: ${p.reason}`],
  database_back: ['info', (p) => `the database answers again after ${p.afterMs} ms`],
  schema_migrated: ['info', (p) => `applied ${p.applied.length} files of the schema in ${p.tookMs} ms`],
  schema_differs: ['warn', (p) => `the schema is ${p.state.replace('_', ' ')}: the database has ${p.have}, this code needs ${p.need}`],
  wakeups_unavailable: ['info', (p) => `no LISTEN here, polling only: ${p.reason}`],
  wakeups_listening: ['info', (p) => `woken up for ${p.queues.join(', ')}`],
  loop_failed: ['warn', (p) => `${p.loop} failed ${p.failures} times in a row, again in ${p.nextMs} ms: ${p.reason}`],
  loop_recovered: ['info', (p) => `${p.loop} works again after ${p.failures} failures`],
  lease_acquired: ['info', (p) => `leads ${p.lease} with token ${p.token}`],
  lease_lost: ['warn', (p) => `leads ${p.lease} no more (token ${p.token}): ${p.reason}`],
  lease_released: ['info', (p) => `gave ${p.lease} up (token ${p.token})`],
  leader_changed: ['info', (p) => `${p.successor} leads ${p.lease}: ${p.reason}`],
  worker_registered: ['info', (p) => `worker ${p.workerId} registered${p.again ? ' again' : ''}`],
  worker_deprecated: ['info', (p) => `worker ${p.workerId} takes no more work`],
  worker_stopped: ['info', (p) => `worker ${p.workerId} stopped`],
  worker_expired: ['warn', (p) => `worker ${p.workerId} (${p.app} on ${p.host}) is silent since ${p.lastHeartbeatAt.toISOString()}`],
  workers_pruned: ['info', (p) => `removed ${p.workers} rows of workers that are long gone`],
  heartbeat_late: ['warn', (p) => `worker ${p.workerId} sent no heartbeat for ${p.sinceMs} ms`],
  modules_loaded: ['info', (p) => `loaded ${p.workflows.length} workflows from ${p.modules.length} modules`],
  definition_registered: [
    'info',
    (p) =>
      p.version === null
        ? `${p.slug} is stored; which version it is, the regions decide`
        : `${p.slug} is version ${p.version}${p.activated ? ', activated' : ''}`,
  ],
  task_lost: ['warn', (p) => `task ${taskOf(p)} was taken from its worker: ${p.reason}`],
  task_aborted: ['info', (p) => `task ${taskOf(p)} is aborted: ${p.reason}`],
  task_failed: ['info', (p) => `task ${taskOf(p)} failed: ${p.reason}`],
  task_abandoned: ['warn', (p) => `task ${taskOf(p)} did not return within ${p.timeoutMs} ms and is abandoned`],
  handler_missing: ['warn', (p) => `no handler here for ${p.workflow}.${p.stepSlug}: gave ${p.tasks} tasks back`],
  report_refused: ['warn', (p) => `the report of task ${taskOf(p)} was refused: ${p.verdict}`],
  reports_kept: ['warn', (p) => `${p.reports} reports are kept and sent again: ${p.reason}`],
  tasks_released: ['info', (p) => `gave ${p.tasks} tasks back: ${p.reason}`],
  step_stuck: ['warn', (p) => `nobody here can run ${p.workflow}.${p.stepSlug}: ${p.tasks} tasks wait in ${p.queue}`],
  runs_due: ['info', (p) => `started ${p.runs} runs whose time has come`],
  runs_overdue: ['info', (p) => `failed ${p.runs} runs whose deadline has passed`],
  runs_pruned: ['info', (p) => `removed ${p.runs} runs past their retention`],
  schedules_fired: ['info', (p) => `started ${p.slots} runs of ${p.schedules} schedules`],
  slots_passed_over: [
    'warn',
    (p) =>
      `schedule ${p.name} of ${p.tenantId} missed slots from ${p.from.toISOString()} on; by its rule ${p.rule} not all are made up for`,
  ],
  slot_refused: ['warn', (p) => `a slot of schedule ${p.name} of ${p.tenantId} started no run: ${p.reason}`],
  schedule_deferred: ['error', (p) => `the slots of schedule ${p.name} of ${p.tenantId} cannot be computed here: ${p.reason}`],
  queues_rebuilt: ['warn', (p) => `the queues had been emptied: restored ${p.restored} messages in ${p.tookMs} ms`],
  split_brain: ['error', (p) => `split brain: ${p.reason}`],
  leadership_gained: ['info', (p) => `group ${p.group} leads with token ${p.token}`],
  leadership_lost: ['warn', (p) => `group ${p.group} leads no more (token ${p.token}): ${p.reason}`],
  hand_over_asked: ['info', (p) => `group ${p.group} is asked to hand over: finishing what runs, for at most ${p.drainMs} ms`],
  claim_refused: ['warn', (p) => `may not claim: ${p.reason}`],
  orchestrator_decided: ['warn', (p) => `${p.decision} ${p.subject}: ${p.reason}`],
  replica_known: ['info', (p) => `reading from a replica (${p.kind}) that is ${p.lagMs} ms behind`],
  replica_unknown: ['warn', (p) => `how old the replica is cannot be said: ${p.reason}`],
  primary_lost: ['warn', (p) => `the primary does not answer, writes are refused: ${p.reason}`],
  primary_back: ['info', (p) => `the primary answers again after ${p.afterMs} ms`],
  home_lost: [
    'warn',
    (p) => `the routers of ${p.region} do not answer: submissions for it become requests, commands are refused: ${p.reason}`,
  ],
  home_back: ['info', (p) => `the routers of ${p.region} answer again after ${p.afterMs} ms`],
  mesh_decided: ['info', (p) => p.decision],
  mesh_waiting: ['warn', (p) => p.reason],
  mesh_action_failed: ['warn', (p) => `could not ${p.decision}: ${p.reason}`],
  mesh_setting_wrong: ['error', (p) => p.reason],
  claims_stopped: ['warn', (p) => p.reason],
  claims_go_on: ['info', (p) => `claims go on (${p.reason})`],
  requests_settled: ['info', (p) => `${p.requests} submissions that other regions took are settled`],
  group_adopted: ['info', (p) => `group ${p.group} is adopted with ${p.runs} runs`],
  region_event: [(p) => REGION_EVENT_KINDS[p.kind] ?? 'info', (p) => p.reason],
  region_decided: ['info', (p) => `${p.decision}: ${p.reason}`],
  region_silent: ['warn', (p) => `region ${p.region} does not answer: ${p.reason}`],
  topology_decided: ['warn', (p) => `epoch ${p.epoch} (${p.kind}): ${p.reason}`],
  topology_not_learned: ['warn', (p) => `could not learn what was decided: ${p.reason}`],
  catalog_decided: ['info', (p) => `epoch ${p.epoch}: ${p.reason}`],
  request_failed: ['error', (p) => `${p.method} ${p.path} failed with ${p.code}: ${p.reason}`],
};

/** Logs one event of the closed list, at its level, with its sentence; the payload's fields and `event` are fields of the line. */
export function logEvent<Name extends EventName>(logger: Logger, event: Name, payload: EventPayloads[Name]): void {
  const [level, sentence] = EVENTS[event];
  logger[typeof level === 'function' ? level(payload) : level]({ event, ...payload }, sentence(payload));
}
