import { Database, Quorum, QuorumRuns, QuorumStore, Wakeups, type Logger } from '@singularity-workflow/core';
import type { ExecutorMetrics } from './metrics.js';
import type { ExecutorSettings } from './settings.js';

/** The caller's, or a pool and a wake-up connection of our own. */
export function connections(
  { databaseUrl, database, wakeups, databasePoolSize }: ExecutorSettings,
  logger: Logger,
): { database: Database; wakeups?: Wakeups } {
  if (database !== undefined) return wakeups === undefined ? { database } : { database, wakeups };
  const own = { url: databaseUrl as string, applicationName: 'singularity-workflow executor', logger };
  return { database: new Database({ ...own, poolSize: databasePoolSize }), wakeups: new Wakeups(own) };
}

/** Who is asked whether other regions have confirmed what was reported; asks the database nothing while nobody waits. */
export function quorumRunsOf(database: Database, timeoutMs: number, metrics: ExecutorMetrics): QuorumRuns {
  const quorum = new Quorum(new QuorumStore(database));
  return new QuorumRuns({ quorum, timeoutMs, onWaited: (seconds, confirmed) => metrics.quorumWaited?.(seconds, confirmed) });
}
