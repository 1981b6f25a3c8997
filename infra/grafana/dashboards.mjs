// What the dashboards show: title, queries, unit. `node infra/grafana/build.mjs` writes dashboards/*.json from it.
//
// Counters are added up over the processes; gauges that only a leader shows are `max`, so that the moment of a change counts nothing twice.
const perSecond = (metric, by) => `sum${by ? ` by (${by})` : ''} (rate(${metric}[$__rate_interval]))`;
const quantile = (q, metric) => `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket[$__rate_interval])))`;
const quantiles = (metric) => [0.5, 0.95, 0.99].map((q) => ({ expr: quantile(q, metric), legend: `p${q * 100}` }));
const one = (expr, legend = '') => [{ expr, legend }];

const leaders = { title: 'Leaders', kind: 'stat', queries: one('sum by (name) (orchestrator_leader)', '{{name}}'), unit: 'none' };
const workers = {
  title: 'Workers by state',
  queries: one('max by (app, state) (workflow_workers)', '{{app}} {{state}}'),
  unit: 'none',
};

export const dashboards = [
  {
    file: 'overview',
    title: 'Workflow: overview',
    panels: [
      leaders,
      {
        title: 'Silent workers',
        kind: 'stat',
        queries: one('sum(max by (app) (workflow_workers{state="silent"})) or vector(0)'),
        unit: 'none',
      },
      { title: 'Oldest waiting task', kind: 'stat', queries: one('max(pgmq_queue_oldest_seconds)'), unit: 's' },
      { title: 'Tasks that nobody can run', kind: 'stat', queries: one('sum(workflow_stuck_tasks) or vector(0)'), unit: 'none' },
      {
        title: 'Runs a second',
        queries: [
          { expr: perSecond('workflow_runs_started_total'), legend: 'started' },
          { expr: perSecond('workflow_runs_finished_total', 'outcome'), legend: '{{outcome}}' },
        ],
        unit: 'ops',
      },
      { title: 'Open runs', queries: one('max by (status) (workflow_runs_open)', '{{status}}'), unit: 'none' },
      { title: 'Attempts a second', queries: one(perSecond('workflow_tasks_total', 'outcome'), '{{outcome}}'), unit: 'ops' },
      { title: 'From claimable to claimed', queries: quantiles('workflow_task_wait_seconds'), unit: 's' },
      {
        title: 'Calls that wait for a connection',
        queries: one('workflow_database_connections{state="waiting"}', '{{app}} {{instance}}'),
        unit: 'none',
      },
      { title: 'Memory', queries: one('process_resident_memory_bytes{job="singularity-workflow"}', '{{app}} {{instance}}'), unit: 'bytes' },
    ],
  },
  {
    file: 'queues',
    title: 'Workflow: queues',
    panels: [
      { title: 'Depth', queries: one('max by (region, queue) (pgmq_queue_depth)', '{{region}} {{queue}}'), unit: 'none' },
      {
        title: 'Oldest claimable task',
        queries: one('max by (region, queue) (pgmq_queue_oldest_seconds)', '{{region}} {{queue}}'),
        unit: 's',
      },
      {
        title: 'Tasks that no live worker can run',
        queries: one('max by (workflow, step, queue) (workflow_stuck_tasks)', '{{workflow}}.{{step}} in {{queue}}'),
        unit: 'none',
      },
      { title: 'From claimable to claimed', queries: quantiles('workflow_task_wait_seconds'), unit: 's' },
    ],
  },
  {
    file: 'executors',
    title: 'Workflow: executors',
    panels: [
      { title: 'Attempts begun a second', queries: one(perSecond('workflow_executions_total', 'instance'), '{{instance}}'), unit: 'ops' },
      { title: 'Attempts ended a second', queries: one(perSecond('workflow_tasks_total', 'outcome'), '{{outcome}}'), unit: 'ops' },
      { title: 'Run time of handlers', queries: quantiles('workflow_task_seconds'), unit: 's' },
      {
        title: 'Handlers at work',
        queries: one(perSecond('workflow_task_seconds_sum', 'instance'), '{{instance}}'),
        unit: 'none',
      },
      {
        title: 'Tasks of a claim, mean',
        queries: one(`${perSecond('workflow_claim_batch_sum')} / ${perSecond('workflow_claim_batch_count')}`, 'tasks'),
        unit: 'none',
      },
      {
        title: 'Attempts lost to others in 15 minutes',
        queries: one('sum by (instance) (increase(workflow_tasks_total{outcome="lost"}[15m]))', '{{instance}}'),
        unit: 'none',
      },
      {
        title: 'Event loop, p99 of its delay',
        queries: one('nodejs_eventloop_lag_p99_seconds{app="executor"}', '{{instance}}'),
        unit: 's',
      },
    ],
  },
  {
    file: 'leadership',
    title: 'Workflow: leadership and failover',
    panels: [
      leaders,
      {
        title: 'Processes with an old token',
        kind: 'stat',
        queries: one('max by (name) (orchestrator_split_brain)', '{{name}}'),
        unit: 'none',
      },
      { title: 'Who leads', queries: one('orchestrator_leader', '{{name}} {{instance}}'), unit: 'none' },
      {
        title: 'Changes of a leader in an hour',
        queries: one('sum by (name, reason) (increase(orchestrator_failovers_total[1h]))', '{{name}}: {{reason}}'),
        unit: 'none',
      },
      workers,
      { title: 'Processes that answer', queries: one('sum by (service) (up{job="singularity-workflow"})', '{{service}}'), unit: 'none' },
      {
        title: 'Connections to the database',
        queries: one('sum by (app, state) (workflow_database_connections)', '{{app}} {{state}}'),
        unit: 'none',
      },
    ],
  },
  {
    file: 'replication',
    title: 'Workflow: replication and replicas',
    panels: [
      {
        title: 'Slots without a peer',
        kind: 'stat',
        queries: one('count(max by (slot) (postgres_slot_retained_bytes{active="false"})) or vector(0)'),
        unit: 'none',
      },
      { title: 'Slots that are lost', kind: 'stat', queries: one('sum(max by (slot) (postgres_slot_lost)) or vector(0)'), unit: 'none' },
      { title: 'Oldest replica that is read', kind: 'stat', queries: one('max(workflow_replica_lag_seconds)'), unit: 's' },
      {
        title: 'Log that peers have not applied',
        queries: one('max by (peer) (postgres_replication_lag_bytes)', '{{peer}}'),
        unit: 'bytes',
      },
      {
        title: 'Log that is kept for slots',
        queries: one('max by (slot, active) (postgres_slot_retained_bytes)', '{{slot}} active={{active}}'),
        unit: 'bytes',
      },
      { title: 'How old answers are', queries: one('workflow_replica_lag_seconds', '{{instance}}'), unit: 's' },
      {
        title: 'Forwarded to the primary a second',
        queries: one(perSecond('workflow_forwards_total', 'instance, outcome'), '{{instance}} {{outcome}}'),
        unit: 'ops',
      },
    ],
  },
  {
    file: 'regions',
    title: 'Workflow: regions',
    panels: [
      { title: 'Left of the lease', kind: 'stat', queries: one('max by (region) (region_lease_left_seconds)', '{{region}}'), unit: 's' },
      { title: 'Groups at home', kind: 'stat', queries: one('max by (region) (region_groups)', '{{region}}'), unit: 'none' },
      { title: 'Groups to adopt', kind: 'stat', queries: one('max by (region) (region_groups_to_adopt)', '{{region}}'), unit: 'none' },
      { title: 'Last decision known', kind: 'stat', queries: one('max by (region) (region_epoch)', '{{region}}'), unit: 'none' },
      {
        title: 'Regions by state',
        queries: [
          { expr: 'max by (state) (region_members)', legend: '{{state}}' },
          { expr: 'max by (peer) (region_suspected)', legend: '{{peer}} suspected' },
          { expr: 'max by (peer) (region_sealed)', legend: '{{peer}} sealed' },
        ],
        unit: 'none',
      },
      { title: 'Leases lost in 5 minutes', queries: one('sum(increase(region_lease_lost_total[5m]))'), unit: 'none' },
      {
        title: 'Decisions in 5 minutes',
        queries: one('sum by (kind) (increase(region_decisions_total[5m]))', '{{kind}}'),
        unit: 'none',
      },
      { title: 'From the first ballot to the decision', queries: quantiles('region_decision_seconds'), unit: 's' },
      { title: 'Runs to adopt', queries: one('max by (region) (region_runs_to_adopt)', '{{region}}'), unit: 'none' },
      {
        title: 'Log that other regions have not confirmed',
        queries: one('max by (peer) (region_link_lag_bytes)', '{{peer}}'),
        unit: 'bytes',
      },
      { title: 'What a takeover would lose of local runs', queries: one('max by (peer) (region_link_lag_seconds)', '{{peer}}'), unit: 's' },
      { title: 'Links that are whole', queries: one('min by (peer) (region_link_up)', '{{peer}}'), unit: 'none' },
    ],
  },
];
