// Every environment variable that a service knows: its rule, its default, who reads it. The configuration reference is made from this table.
import { z } from 'zod';

export const APPS = ['router', 'scheduler', 'executor', 'failover-monitor'] as const;
export type AppName = (typeof APPS)[number];

export const PORT_OF_APP: Readonly<Record<AppName, number>> = { router: 4000, scheduler: 4001, executor: 4002, 'failover-monitor': 4003 };

export interface Variable<T> {
  readonly name: string;
  /** Who reads it; the others accept it and leave it alone. */
  readonly apps: 'all' | readonly AppName[];
  readonly description: string;
  /** The rule in words, as it stands in an error and in the reference. */
  readonly rule: string;
  /** Turns the variable's text into its value; zod's own message is not shown, `rule` is. */
  readonly schema: z.ZodType<T, string>;
  /** What counts where the variable is unset or empty; a function where the default depends on the process. Undefined: required. */
  readonly fallback?: T | ((app: AppName) => T);
  /** The default in words, where the value itself would mislead. */
  readonly fallbackWords?: string;
  /** Shown as `***` (a URL: its password only). */
  readonly secret?: boolean;
}

type Rest<T> = Omit<Variable<T>, 'rule' | 'schema'>;

function wholeNumber(min: number, max: number, rest: Rest<number>): Variable<number> {
  const schema = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
  return { ...rest, rule: `a whole number from ${min} to ${max}`, schema };
}

function postgresUrl<T extends string | null>(rest: Rest<T>): Variable<T> {
  const schema = z.string().refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text));
  return {
    ...rest,
    secret: true,
    rule: 'an address like postgres://user:password@host:5432/database',
    schema: schema as unknown as z.ZodType<T, string>,
  };
}

function oneOf<const T extends string>(values: readonly [T, ...T[]], rest: Rest<T>): Variable<T> {
  return {
    ...rest,
    rule: values.length === 1 ? `only '${values[0]}' so far` : `one of ${values.join(', ')}`,
    schema: z.enum(values),
  };
}

function matching(pattern: RegExp, rule: string, rest: Rest<string>): Variable<string> {
  return { ...rest, rule, schema: z.string().regex(pattern) };
}

function list(pattern: RegExp, rule: string, rest: Rest<readonly string[]>): Variable<readonly string[]> {
  const schema = z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every((part) => pattern.test(part)) && new Set(parts).size === parts.length);
  return { ...rest, rule, schema };
}

const EXECUTOR = ['executor'] as const;
const LEADERS = ['scheduler', 'failover-monitor'] as const;
const ROUTER = ['router'] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HOUR_MS = 3_600_000;

/** Key: the field of Config that holds the value. */
export const VARIABLES = {
  databaseUrl: postgresUrl<string>({
    name: 'DATABASE_URL',
    apps: 'all',
    description: "The service's own login at the region's PostgreSQL.",
  }),
  databaseReadUrl: postgresUrl<string | null>({
    name: 'DATABASE_READ_URL',
    apps: ROUTER,
    description: 'Where lists and status queries are read; a replica may be named.',
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
  topology: oneOf(['single'], { name: 'TOPOLOGY', apps: 'all', description: 'What the installation is made of.', fallback: 'single' }),
  region: matching(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens, a letter first, at most 32', {
    name: 'REGION',
    apps: 'all',
    description: 'The name of this region.',
    fallback: 'local',
  }),
  host: matching(/^\S{1,255}$/, 'an address to listen on', {
    name: 'HOST',
    apps: 'all',
    description: 'Address to listen on. Only loopback until authentication exists.',
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
    description: 'How long a claimed message stays hidden; heartbeats renew it.',
    fallback: 30_000,
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
    fallback: 10_000,
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
    apps: ['failover-monitor'],
    description: 'Rows of dead and stopped workers are removed after that.',
    fallback: HOUR_MS,
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
} as const satisfies Record<string, Variable<never> | Variable<unknown>>;

export type ConfigKey = keyof typeof VARIABLES;
type ValueOf<V> = V extends Variable<infer T> ? T : never;

/** The effective configuration of a process: frozen, complete (variables that the app does not read are there with their defaults). */
export type Config = Readonly<{ app: AppName } & { [Key in ConfigKey]: ValueOf<(typeof VARIABLES)[Key]> }>;

export interface CrossRule {
  readonly name: string;
  readonly rule: string;
  readonly holds: (config: Config) => boolean;
}

/** Rules over more than one variable; checked when each by itself is right. */
export const CROSS_RULES: readonly CrossRule[] = [
  {
    name: 'HEARTBEAT_TIMEOUT_MS',
    rule: 'at least twice HEARTBEAT_INTERVAL_MS, or one late heartbeat is a death',
    holds: (c) => c.heartbeatTimeoutMs >= 2 * c.heartbeatIntervalMs,
  },
  {
    name: 'VISIBILITY_TIMEOUT_MS',
    rule: 'at least HEARTBEAT_TIMEOUT_MS, or messages of live workers come up again',
    holds: (c) => c.app !== 'executor' || c.visibilityTimeoutMs >= c.heartbeatTimeoutMs,
  },
  {
    name: 'BATCH_BODY_BYTES_MAX',
    rule: 'at least BODY_BYTES_MAX',
    holds: (c) => c.batchBodyBytesMax >= c.bodyBytesMax,
  },
];
