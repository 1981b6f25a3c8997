// Every metric of the engine, by the name that dashboards and alarms use. Totals are counters of the process that caused them; what needs SQL is
// a gauge, computed once per scrape interval by the leader (LeaderGauges in leadership/), never a count over history.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const BATCHES = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** Runs, tasks and queues. */
function workMetrics(registers: Registry[]) {
  const queue = ['region', 'queue'] as const;
  return {
    runsStarted: new Counter({ name: 'workflow_runs_started_total', help: 'Runs that this process stored.', registers }),
    runsFinished: new Counter({
      name: 'workflow_runs_finished_total',
      help: 'Runs that ended in a call of this process.',
      labelNames: ['outcome'],
      registers,
    }),
    runsOpen: new Gauge({ name: 'workflow_runs_open', help: 'Runs that have not ended.', labelNames: ['status'], registers }),
    tasks: new Counter({
      name: 'workflow_tasks_total',
      help: 'Attempts that ended here: completed, failed, released, lost, aborted.',
      labelNames: ['outcome'],
      registers,
    }),
    taskSeconds: new Histogram({ name: 'workflow_task_seconds', help: 'Run time of handlers.', buckets: SECONDS, registers }),
    taskWaitSeconds: new Histogram({ name: 'workflow_task_wait_seconds', help: 'From claimable to claimed.', buckets: SECONDS, registers }),
    claimBatch: new Histogram({ name: 'workflow_claim_batch', help: 'Tasks of one claim.', buckets: BATCHES, registers }),
    executions: new Counter({
      name: 'workflow_executions_total',
      help: 'Attempts that were started here.',
      labelNames: ['orchestrator_id'],
      registers,
    }),
    stuckTasks: new Gauge({
      name: 'workflow_stuck_tasks',
      help: 'Queued tasks that no live worker can run.',
      labelNames: ['workflow', 'step', 'queue'],
      registers,
    }),
    queueDepth: new Gauge({ name: 'pgmq_queue_depth', help: 'Messages of a queue.', labelNames: queue, registers }),
    queueOldestSeconds: new Gauge({
      name: 'pgmq_queue_oldest_seconds',
      help: 'Age of the oldest claimable message of a queue.',
      labelNames: queue,
      registers,
    }),
  };
}

/** Processes, leaders and the database. */
function processMetricsOf(registers: Registry[]) {
  return {
    workers: new Gauge({ name: 'workflow_workers', help: 'Workers of this region.', labelNames: ['app', 'state'], registers }),
    leader: new Gauge({ name: 'orchestrator_leader', help: '1 while this process holds the lease.', labelNames: ['name'], registers }),
    failovers: new Counter({
      name: 'orchestrator_failovers_total',
      help: 'Changes of a leader that this process took part in.',
      labelNames: ['name', 'reason'],
      registers,
    }),
    poolConnections: new Gauge({
      name: 'workflow_database_connections',
      help: 'Connections of this process.',
      labelNames: ['state'],
      registers,
    }),
  };
}

function createAll(registry: Registry) {
  return { registry, ...workMetrics([registry]), ...processMetricsOf([registry]) };
}

export type Metrics = ReturnType<typeof createAll>;

export interface MetricsOptions {
  /** Labels of every metric of the process. */
  defaultLabels?: Record<string, string>;
  /** Node's own metrics (memory, event loop, garbage collection). Default true. */
  processMetrics?: boolean;
}

/** A registry of its own with every metric in it: two apps in one process (tests) do not meet. */
export function createMetrics({ defaultLabels, processMetrics = true }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  if (defaultLabels !== undefined) registry.setDefaultLabels(defaultLabels);
  if (processMetrics) collectDefaultMetrics({ register: registry });
  return createAll(registry);
}
