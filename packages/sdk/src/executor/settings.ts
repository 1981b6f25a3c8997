import {
  BATCH_MAX,
  QUEUE_PATTERN,
  silentLogger,
  UUID_PATTERN,
  WorkflowError,
  type Database,
  type Logger,
  type Wakeups,
} from '@singularity-workflow/core';
import type { AnyWorkflow } from '../workflow/workflow.js';
import type { ExecutorMetrics } from './metrics.js';

/** Everything but `workflows` and a database has a default, which is the one of the stock executor. */
export interface ExecutorOptions {
  readonly workflows: readonly AnyWorkflow[];
  /** postgres://user:password@host:port/database, a login of the role `workflow_executor`. */
  readonly databaseUrl?: string;
  /** Instead of `databaseUrl`: a pool of the caller, who closes it. At least 5 connections. */
  readonly database?: Database;
  /** With `database`: who wakes and is woken. Without it the executor polls. */
  readonly wakeups?: Wakeups;
  /** With `databaseUrl`: connections of the executor, besides one for wake-ups. Default 6. */
  readonly databasePoolSize?: number;
  /** Logical queues, most important first. Default: those that the workflows name. */
  readonly queues?: readonly string[];
  /** Handlers at once. Default 50. */
  readonly concurrency?: number;
  /** Tasks per claim. Default 50. */
  readonly batchSize?: number;
  /** Longest wait of an idle executor before it looks for work. Default 100. */
  readonly pollIntervalMs?: number;
  /** Default 2000. */
  readonly heartbeatIntervalMs?: number;
  /** Silent for longer, the executor counts as dead and its tasks are given to others. Default 6000. */
  readonly heartbeatTimeoutMs?: number;
  /** Age from which a claim whose answer was lost on its way here is taken back. Default 30000. */
  readonly visibilityTimeoutMs?: number;
  /** How long `stop` lets handlers finish before it gives their tasks back. Default 30000. */
  readonly drainTimeoutMs?: number;
  /** Longest wait of an outcome for others to be reported with. Default 3. */
  readonly flushIntervalMs?: number;
  /** Outcomes per report. Default 200. */
  readonly flushSize?: number;
  /** How long a verdict on a run with durability quorum waits for other regions before the report is sent again. Default 5000. */
  readonly quorumTimeoutMs?: number;
  /** Default: a new uuid. Two live executors must not share one. */
  readonly workerId?: string;
  /** Default `local`. */
  readonly region?: string;
  /** Where this process can be reached, for whoever looks at the workers. */
  readonly address?: string;
  /** Of the application. Default `0.0.0`. */
  readonly version?: string;
  /** Active-passive only: the group that this executor leads with. It claims while `leaderToken` answers a token. */
  readonly orchestrator?: { readonly role: 'primary' | 'standby'; readonly group: string };
  /** Active-passive only: the token of the lease that allows to claim, as this process knows it (core's GroupElector). */
  readonly leaderToken?: () => number | null;
  /** Active-passive only: the database refused a claim with this token. */
  readonly onClaimRefused?: (token: number | null) => void;
  readonly logger?: Logger;
  readonly metrics?: ExecutorMetrics;
  /** SIGTERM and SIGINT drain, a second one hastens. Default false: the process is yours. */
  readonly handleSignals?: boolean;
}

type Optional = 'databaseUrl' | 'database' | 'wakeups' | 'address' | 'orchestrator' | 'onClaimRefused';
export type ExecutorSettings = Readonly<Required<Omit<ExecutorOptions, Optional>> & Pick<ExecutorOptions, Optional>>;

const DEFAULTS = {
  databasePoolSize: 6,
  concurrency: 50,
  batchSize: 50,
  pollIntervalMs: 100,
  heartbeatIntervalMs: 2_000,
  heartbeatTimeoutMs: 6_000,
  visibilityTimeoutMs: 10_000,
  drainTimeoutMs: 30_000,
  flushIntervalMs: 3,
  flushSize: 200,
  quorumTimeoutMs: 5_000,
  region: 'local',
  version: '0.0.0',
  handleSignals: false,
};

/** Of each number: lowest and highest. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  databasePoolSize: [5, 1_000],
  concurrency: [1, 10_000],
  batchSize: [1, BATCH_MAX],
  pollIntervalMs: [1, 60_000],
  heartbeatIntervalMs: [100, 600_000],
  heartbeatTimeoutMs: [200, 3_600_000],
  visibilityTimeoutMs: [1_000, 3_600_000],
  drainTimeoutMs: [0, 3_600_000],
  flushIntervalMs: [0, 1_000],
  flushSize: [1, BATCH_MAX],
  quorumTimeoutMs: [100, 600_000],
};

/** False where this executor is one of a group that does not lead, as far as it knows. */
export function mayLead({ orchestrator, leaderToken }: ExecutorSettings): boolean {
  return orchestrator === undefined || leaderToken() !== null;
}

/** Defaults filled in. Throws `invalid_config` with all mistakes at once. */
export function settingsOf(options: ExecutorOptions): ExecutorSettings {
  const { workflows } = options;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as unknown as ExecutorOptions;
  const settings: ExecutorSettings = {
    ...DEFAULTS,
    queues: queuesOf(workflows),
    workerId: crypto.randomUUID(),
    leaderToken: () => null,
    logger: silentLogger,
    metrics: {},
    ...given,
  };
  const mistakes = mistakesIn(settings);
  if (mistakes.length > 0) throw new WorkflowError('invalid_config', `the executor cannot start: ${mistakes.join('; ')}`);
  return Object.freeze(settings);
}

function queuesOf(workflows: readonly AnyWorkflow[]): string[] {
  const named = workflows.flatMap(({ definition }) => definition.steps.map((step) => step.queue ?? definition.queue ?? 'default'));
  return [...new Set(named)];
}

function mistakesIn(settings: ExecutorSettings): string[] {
  const mistakes: string[] = [];
  for (const [name, [lowest, highest]] of Object.entries(RANGES)) {
    const value = settings[name as keyof ExecutorSettings] as unknown;
    if (!Number.isInteger(value) || (value as number) < lowest || (value as number) > highest) {
      mistakes.push(`${name} must be a whole number from ${lowest} to ${highest}, not ${String(value)}`);
    }
  }
  if ((settings.databaseUrl === undefined) === (settings.database === undefined)) mistakes.push('either databaseUrl or database is needed');
  if (settings.workflows.length === 0) mistakes.push('workflows is empty');
  if (settings.queues.length === 0) mistakes.push('queues is empty: a workflow without steps cannot run');
  for (const queue of settings.queues)
    if (!QUEUE_PATTERN.test(queue)) mistakes.push(`the queue "${queue}" does not match ${QUEUE_PATTERN.source}`);
  if (!UUID_PATTERN.test(settings.workerId)) mistakes.push(`workerId must be a uuid, not "${settings.workerId}"`);
  if (settings.heartbeatTimeoutMs < 2 * settings.heartbeatIntervalMs)
    mistakes.push('heartbeatTimeoutMs must be at least twice heartbeatIntervalMs');
  if (settings.visibilityTimeoutMs < settings.heartbeatTimeoutMs) mistakes.push('visibilityTimeoutMs must be at least heartbeatTimeoutMs');
  return mistakes;
}
