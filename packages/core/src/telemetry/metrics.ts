// Every metric of the engine, by the name that dashboards and alarms use. Totals are counters of the process that caused them; what needs SQL is a
// gauge, computed once per scrape interval by the leader, never a count over history. A process exposes what it causes and nothing else.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type App, type In, SECONDS } from './metric-parts.js';
import { decisionMetrics, linkMetrics, standingMetrics } from './region-metrics.js';

const BATCHES = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

function runMetrics(by: In) {
  return {
    runsStarted: new Counter({ name: 'workflow_runs_started_total', help: 'Runs that this process stored.', ...by('router', 'scheduler') }),
    runsFinished: new Counter({
      name: 'workflow_runs_finished_total',
      help: 'Runs that ended in a call of this process.',
      labelNames: ['outcome'],
      ...by('router', 'scheduler', 'executor'),
    }),
    runsOpen: new Gauge({ name: 'workflow_runs_open', help: 'Runs that have not ended.', labelNames: ['status'], ...by('scheduler') }),
  };
}

function scheduleMetrics(by: In) {
  return {
    slots: new Counter({
      name: 'workflow_schedule_slots_total',
      help: 'Slots of schedules that came to this process: started, existing (their run was there), refused.',
      labelNames: ['outcome'],
      ...by('scheduler'),
    }),
    slotDelaySeconds: new Histogram({
      name: 'workflow_schedule_delay_seconds',
      help: 'From when a slot was due, its jitter included, to the start of its run.',
      buckets: SECONDS,
      ...by('scheduler'),
    }),
  };
}

function taskMetrics(by: In) {
  return {
    tasks: new Counter({
      name: 'workflow_tasks_total',
      help: 'Attempts that ended here: completed, failed, released, lost, aborted.',
      labelNames: ['outcome'],
      ...by('executor'),
    }),
    taskSeconds: new Histogram({ name: 'workflow_task_seconds', help: 'Run time of handlers.', buckets: SECONDS, ...by('executor') }),
    taskWaitSeconds: new Histogram({
      name: 'workflow_task_wait_seconds',
      help: 'From claimable to claimed.',
      buckets: SECONDS,
      ...by('executor'),
    }),
    claimBatch: new Histogram({ name: 'workflow_claim_batch', help: 'Tasks of one claim.', buckets: BATCHES, ...by('executor') }),
    handedOver: new Counter({
      name: 'workflow_tasks_handed_over_total',
      help: 'Tasks that came with the answer to a report, not from a queue.',
      ...by('executor'),
    }),
    executions: new Counter({
      name: 'workflow_executions_total',
      help: 'Attempts that were started here.',
      labelNames: ['orchestrator_id'],
      ...by('executor'),
    }),
  };
}

function queueMetrics(by: In) {
  const labelNames = ['region', 'queue'] as const;
  return {
    queueDepth: new Gauge({ name: 'pgmq_queue_depth', help: 'Messages of a queue.', labelNames, ...by('scheduler') }),
    queueOldestSeconds: new Gauge({
      name: 'pgmq_queue_oldest_seconds',
      help: 'Age of the oldest claimable message of a queue.',
      labelNames,
      ...by('scheduler'),
    }),
    stuckTasks: new Gauge({
      name: 'workflow_stuck_tasks',
      help: 'Queued tasks that no live worker can run.',
      labelNames: ['workflow', 'step', 'queue'],
      ...by('scheduler'),
    }),
  };
}

function replicationMetrics(by: In) {
  return {
    replicationLagBytes: new Gauge({
      name: 'postgres_replication_lag_bytes',
      help: 'Log that a peer of the primary (a slot, or a connection without one) has not applied.',
      labelNames: ['peer'],
      ...by('scheduler'),
    }),
    slotRetainedBytes: new Gauge({
      name: 'postgres_slot_retained_bytes',
      help: 'Log that the primary keeps because of a replication slot; active: whether somebody is connected to it.',
      labelNames: ['slot', 'active'],
      ...by('scheduler'),
    }),
    slotLost: new Gauge({
      name: 'postgres_slot_lost',
      help: '1: the log that a replication slot should have kept is gone; its peer must be made anew.',
      labelNames: ['slot'],
      ...by('scheduler'),
    }),
    replicaLagSeconds: new Gauge({
      name: 'workflow_replica_lag_seconds',
      help: 'How old the answers of this router are at most, where it reads from a replica.',
      ...by('router'),
    }),
    forwards: new Counter({
      name: 'workflow_forwards_total',
      help: 'Requests that this router forwarded, in a secondary to the primary, in a mesh to the home: answered there, or unavailable.',
      labelNames: ['outcome'],
      ...by('router'),
    }),
  };
}

function quorumMetrics(by: In) {
  return {
    quorumWaitSeconds: new Histogram({
      name: 'workflow_quorum_wait_seconds',
      help: 'How long what was committed about runs with durability quorum waited for other regions: confirmed, or refused.',
      labelNames: ['outcome'],
      buckets: SECONDS,
      ...by('router', 'executor'),
    }),
    quorumWaiters: new Gauge({
      name: 'workflow_quorum_waiters',
      help: 'Tenants whose submissions with durability quorum wait here for other regions, each once a call.',
      ...by('router'),
    }),
    heldMessages: new Gauge({
      name: 'workflow_held_messages',
      help: 'Messages of runs with durability quorum that no queue has before other regions confirm what they follow from; counted up to 100,000.',
      ...by('scheduler'),
    }),
    heldOldestSeconds: new Gauge({
      name: 'workflow_held_oldest_seconds',
      help: 'Age of the oldest of them.',
      ...by('scheduler'),
    }),
  };
}

function processMetrics(by: In) {
  return {
    workers: new Gauge({
      name: 'workflow_workers',
      help: 'Workers of this region.',
      labelNames: ['app', 'state'],
      ...by('failover-monitor'),
    }),
    leader: new Gauge({
      name: 'orchestrator_leader',
      help: '1 while this process holds the lease; of the executors that lead together, in the one that renews it.',
      labelNames: ['name'],
      ...by('scheduler', 'executor', 'failover-monitor'),
    }),
    failovers: new Counter({
      name: 'orchestrator_failovers_total',
      help: 'Changes of a leader, counted by the monitor that recorded them.',
      labelNames: ['name', 'reason'],
      ...by('failover-monitor'),
    }),
    withoutLeaderSeconds: new Histogram({
      name: 'orchestrator_without_leader_seconds',
      help: 'How long nobody led, by change of a leader, as far as it is known.',
      labelNames: ['name'],
      buckets: [0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 300],
      ...by('failover-monitor'),
    }),
    splitBrain: new Gauge({
      name: 'orchestrator_split_brain',
      help: 'Live processes that believe they hold the lease, and do not.',
      labelNames: ['name'],
      ...by('failover-monitor'),
    }),
    poolConnections: new Gauge({
      name: 'workflow_database_connections',
      help: 'Connections of this process: busy, idle, and calls that wait for one.',
      labelNames: ['state'],
      ...by('router', 'scheduler', 'executor', 'failover-monitor'),
    }),
  };
}

function createAll(registry: Registry, app: App | undefined) {
  const by: In = (...apps) => ({ registers: app === undefined || apps.includes(app) ? [registry] : [] });
  return {
    registry,
    ...runMetrics(by),
    ...scheduleMetrics(by),
    ...taskMetrics(by),
    ...queueMetrics(by),
    ...replicationMetrics(by),
    ...quorumMetrics(by),
    ...linkMetrics(by),
    ...standingMetrics(by),
    ...decisionMetrics(by),
    ...processMetrics(by),
  };
}

export type Metrics = ReturnType<typeof createAll>;

export interface MetricsOptions {
  /** Whose: the label `app` of every metric, and the choice of what is exposed. Without it everything is. */
  app?: App;
  /** Node's own metrics (memory, event loop, garbage collection). Default true. */
  processMetrics?: boolean;
}

/** A registry of its own: two apps in one process (tests) do not meet. */
export function createMetrics({ app, processMetrics: ofNode = true }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (app !== undefined) registry.setDefaultLabels({ app });
  if (ofNode) collectDefaultMetrics({ register: registry });
  return createAll(registry, app);
}
