// Every environment variable that a service knows: its rule, its default, who reads it. The configuration reference is made from this table.
import { type AppName, list, matching, oneOf, optionally, PORT_OF_APP, postgresUrl, wholeNumber, type Variable } from './kinds.js';
import { REGION_VARIABLES } from './variables.regions.js';
import { REPLICA_VARIABLES } from './variables.replicas.js';

const EXECUTOR = ['executor'] as const;
const LEADERS = ['scheduler', 'failover-monitor'] as const;
const MONITOR = ['failover-monitor'] as const;
const ROUTER = ['router'] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HOUR_MS = 3_600_000;
const LEASE_TTL_MS = 10_000;

/** Key: the field of Config that holds the value. */
export const VARIABLES = {
  databaseUrl: postgresUrl<string | null>({
    name: 'DATABASE_URL',
    apps: 'all',
    description: "The service's own login at the region's PostgreSQL. A secondary has none.",
    mayBeMissing: (given) => given('TOPOLOGY') === 'primary-secondary' && given('CAN_EXECUTE_WORKFLOWS') === 'false',
  }),
  databaseReadUrl: postgresUrl<string | null>({
    name: 'DATABASE_READ_URL',
    apps: ROUTER,
    description: 'Where runs, definitions, schedules and workers are read; a replica may be named, and in a secondary must.',
    fallback: null,
    fallbackWords: 'DATABASE_URL',
  }),
  databaseAdminUrl: postgresUrl<string | null>({
    name: 'DATABASE_ADMIN_URL',
    apps: 'all',
    description: 'A login that may create roles and schemas: with it the service migrates the database at its start.',
    fallback: null,
    fallbackWords: 'no migration at start',
  }),
  databasePoolSize: wholeNumber(1, 1_000, {
    name: 'DATABASE_POOL_SIZE',
    apps: 'all',
    description: 'Connections that the process may hold.',
    fallback: 20,
  }),
  databaseAcquireTimeoutMs: wholeNumber(100, 600_000, {
    name: 'DATABASE_ACQUIRE_TIMEOUT_MS',
    apps: 'all',
    description: 'How long a call waits for a connection before it fails with database_unavailable.',
    fallback: 5_000,
  }),
  databaseQueryTimeoutMs: wholeNumber(1_000, HOUR_MS, {
    name: 'DATABASE_QUERY_TIMEOUT_MS',
    apps: 'all',
    description:
      'How long a call waits for its answer before the connection is given up: a network that swallows packets must not hang a loop.',
    fallback: 30_000,
  }),
  databasePrepare: oneOf(['on', 'off'], {
    name: 'DATABASE_PREPARE',
    apps: 'all',
    description: 'Named prepared statements; off behind a PgBouncer before 1.21 in transaction mode.',
    fallback: 'on',
  }),
  topology: oneOf(['single', 'active-passive', 'primary-secondary'], {
    name: 'TOPOLOGY',
    apps: 'all',
    description:
      'Who works: every executor (single); those of one group at a time, the leader (active-passive); those of the primary, while secondaries answer reads (primary-secondary).',
    fallback: 'single',
  }),
  region: matching(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens, a letter first, at most 32', {
    name: 'REGION',
    apps: 'all',
    description: 'The name of this region.',
    fallback: 'local',
  }),
  host: matching(/^\S{1,255}$/, 'an address to listen on', {
    name: 'HOST',
    apps: 'all',
    description: 'Address to listen on. Only loopback, until all that every service serves asks for an API key.',
    fallback: '127.0.0.1',
  }),
  port: wholeNumber(0, 65_535, {
    name: 'PORT',
    apps: 'all',
    description: 'Port to listen on; 0 takes a free one.',
    fallback: (app) => PORT_OF_APP[app],
    fallbackWords: '4000 router, 4001 scheduler, 4002 executor, 4003 failover-monitor',
  }),
  logLevel: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    name: 'LOG_LEVEL',
    apps: 'all',
    description: 'The least important level that is logged.',
    fallback: 'info',
  }),
  workerId: matching(UUID, 'a uuid', {
    name: 'WORKER_ID',
    apps: 'all',
    description: 'The id of this process in workflow_workers; two live processes must not share one.',
    fallback: () => crypto.randomUUID(),
    fallbackWords: 'a new uuid at each start',
  }),
  heartbeatIntervalMs: wholeNumber(100, 600_000, {
    name: 'HEARTBEAT_INTERVAL_MS',
    apps: 'all',
    description: 'Time between two heartbeats.',
    fallback: 2_000,
  }),
  heartbeatTimeoutMs: wholeNumber(200, HOUR_MS, {
    name: 'HEARTBEAT_TIMEOUT_MS',
    apps: 'all',
    description: 'A worker silent for longer is dead: its tasks are given to others.',
    fallback: 6_000,
  }),
  drainTimeoutMs: wholeNumber(0, HOUR_MS, {
    name: 'DRAIN_TIMEOUT_MS',
    apps: 'all',
    description: 'How long a stopping process lets what runs finish.',
    fallback: 30_000,
  }),
  queues: list(/^[a-z][a-z0-9_]{0,40}$/, 'names like orders_eu, separated by commas, each once', {
    name: 'QUEUES',
    apps: EXECUTOR,
    description: 'The queues that the executor claims from, most important first.',
    fallback: [],
    fallbackWords: 'those that its workflows name',
  }),
  workflowModules: list(/^\S.*$/, 'module names or paths, separated by commas, each once', {
    name: 'WORKFLOW_MODULES',
    apps: EXECUTOR,
    description: 'Modules whose exported workflows the executor runs.',
    fallback: [],
    fallbackWords: 'none',
  }),
  pollIntervalMs: wholeNumber(1, 60_000, {
    name: 'POLL_INTERVAL_MS',
    apps: EXECUTOR,
    description: 'Longest wait of an idle executor for a wake-up before it looks into its queues.',
    fallback: 100,
  }),
  batchSize: wholeNumber(1, 1_000, { name: 'BATCH_SIZE', apps: EXECUTOR, description: 'Most tasks of one claim.', fallback: 50 }),
  concurrency: wholeNumber(1, 10_000, {
    name: 'CONCURRENCY',
    apps: EXECUTOR,
    description: 'Most handlers that run at once.',
    fallback: 50,
  }),
  visibilityTimeoutMs: wholeNumber(1_000, HOUR_MS, {
    name: 'VISIBILITY_TIMEOUT_MS',
    apps: EXECUTOR,
    description: 'Age from which a claim that its living worker does not know of is taken back: the answer to it was lost.',
    fallback: 10_000,
  }),
  orchestratorRole: optionally(
    oneOf(['primary', 'standby'], {
      name: 'ORCHESTRATOR_ROLE',
      apps: EXECUTOR,
      description: 'In active-passive: whether this executor is meant to lead, or to stand by until the leader fails.',
    }),
  ),
  orchestratorGroup: optionally(
    matching(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens, a letter first, at most 32', {
      name: 'ORCHESTRATOR_GROUP',
      apps: EXECUTOR,
      description: 'In active-passive: the executors that lead together.',
      fallbackWords: 'the role',
    }),
  ),
  leadershipKey: oneOf(['orchestrator:leader'], {
    name: 'LEADERSHIP_KEY',
    apps: EXECUTOR,
    description: 'In active-passive: the lease that the leading group holds. The database checks claims against this name.',
    fallback: 'orchestrator:leader',
  }),
  leadershipTtlMs: wholeNumber(1_000, 600_000, {
    name: 'LEADERSHIP_TTL_MS',
    apps: EXECUTOR,
    description:
      'In active-passive: how long a group leads without renewing its lease; a dead leader is replaced that much and a second later.',
    fallback: 10_000,
  }),
  flushIntervalMs: wholeNumber(0, 1_000, {
    name: 'FLUSH_INTERVAL_MS',
    apps: EXECUTOR,
    description: 'Longest wait of an outcome for others to be reported with.',
    fallback: 3,
  }),
  flushSize: wholeNumber(1, 1_000, {
    name: 'FLUSH_SIZE',
    apps: EXECUTOR,
    description: 'Outcomes that are reported at once without waiting for more.',
    fallback: 200,
  }),
  leaseTtlMs: wholeNumber(1_000, 600_000, {
    name: 'LEASE_TTL_MS',
    apps: LEADERS,
    description: 'How long a leader may act without renewing; it renews every third of it.',
    fallback: LEASE_TTL_MS,
    fallbackWords: `${LEASE_TTL_MS}; REGION_LEASE_MS where REGIONS is set and that is less`,
    follows: ({ regions, regionLeaseMs }) => (regions === null ? null : Math.min(LEASE_TTL_MS, regionLeaseMs as number)),
  }),
  schedulerTickMs: wholeNumber(50, 60_000, {
    name: 'SCHEDULER_TICK_MS',
    apps: ['scheduler'],
    description: 'Time between two looks at due runs, lost tasks and empty queues.',
    fallback: 1_000,
  }),
  runRetentionDays: wholeNumber(1, 36_500, {
    name: 'RUN_RETENTION_DAYS',
    apps: ['scheduler'],
    description: 'Finished runs are removed after that; an idempotency key lives as long as its run.',
    fallback: 30,
  }),
  workerRetentionMs: wholeNumber(1_000, 365 * 24 * HOUR_MS, {
    name: 'WORKER_RETENTION_MS',
    apps: MONITOR,
    description: 'Rows of dead and stopped workers are removed after that.',
    fallback: HOUR_MS,
  }),
  primaryHeartbeatCheckIntervalMs: wholeNumber(100, 600_000, {
    name: 'PRIMARY_HEARTBEAT_CHECK_INTERVAL_MS',
    apps: MONITOR,
    description: 'In active-passive: time between two looks at the heartbeats of the group that leads.',
    fallback: 5_000,
  }),
  primaryTimeoutMs: wholeNumber(1_000, HOUR_MS, {
    name: 'PRIMARY_TIMEOUT_MS',
    apps: MONITOR,
    description: 'In active-passive: how long a leading group that renews its lease but sends no heartbeat is borne before it is fenced.',
    fallback: 15_000,
  }),
  failback: oneOf(['manual', 'automatic'], {
    name: 'FAILBACK',
    apps: MONITOR,
    description: 'In active-passive: whether a primary that returned gets the lease back by itself, in order.',
    fallback: 'manual',
  }),
  failbackAfterMs: wholeNumber(1_000, 24 * HOUR_MS, {
    name: 'FAILBACK_AFTER_MS',
    apps: MONITOR,
    description:
      'How long a returned primary must have lived before it gets the lease back; twice as long after each failback of the last hour.',
    fallback: 60_000,
  }),
  submitWindowMs: wholeNumber(0, 100, {
    name: 'SUBMIT_WINDOW_MS',
    apps: ROUTER,
    description: 'Longest wait of a submission for others to be stored with.',
    fallback: 2,
  }),
  submitBatchMax: wholeNumber(1, 1_000, {
    name: 'SUBMIT_BATCH_MAX',
    apps: ROUTER,
    description: 'Submissions that are stored at once without waiting for more.',
    fallback: 500,
  }),
  bodyBytesMax: wholeNumber(1_024, 1_073_741_824, {
    name: 'BODY_BYTES_MAX',
    apps: ROUTER,
    description: 'Largest body of a request.',
    fallback: 1_048_576,
  }),
  batchBodyBytesMax: wholeNumber(1_024, 1_073_741_824, {
    name: 'BATCH_BODY_BYTES_MAX',
    apps: ROUTER,
    description: 'Largest body of a batch.',
    fallback: 16_777_216,
  }),
  jsonDepthMax: wholeNumber(1, 1_000, { name: 'JSON_DEPTH_MAX', apps: ROUTER, description: 'Deepest nesting of a body.', fallback: 64 }),
  ...REPLICA_VARIABLES,
  ...REGION_VARIABLES,
} as const satisfies Record<string, Variable<never> | Variable<unknown>>;

export type ConfigKey = keyof typeof VARIABLES;
type ValueOf<V> = V extends Variable<infer T> ? T : never;

/** The effective configuration of a process: frozen, complete (variables that the app does not read are there with their defaults). */
export type Config = Readonly<{ app: AppName } & { [Key in ConfigKey]: ValueOf<(typeof VARIABLES)[Key]> }>;
