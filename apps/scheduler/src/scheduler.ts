// The scheduler: leader by the lease `scheduler`, with one loop per duty. Any number may run; those without the lease stand by and are ready.
//
// Limit: it decides nothing about runs. What is due, lost or too old stands in SQL, by the database's clock.
import {
  LeaderDuties,
  type LeaseStore,
  type Logger,
  type Metrics,
  type QueueReader,
  type QueueStore,
  type ReplicationReader,
  type ReplicationStore,
  type RequestStore,
  type RunStore,
  type ScheduleStore,
  type TaskStore,
  type Wakeups,
} from '@singularity-workflow/core';
import { advanceHorizon } from './advance-horizon.loop.js';
import { failOverdueRuns } from './fail-overdue-runs.loop.js';
import { fireSchedules } from './fire-schedules.loop.js';
import { measure } from './measure.loop.js';
import { pruneConflicts } from './prune-conflicts.loop.js';
import { pruneRuns } from './prune-runs.loop.js';
import { rebuildQueue } from './rebuild-queue.loop.js';
import { pruneRequests, startRequestedRuns } from './requested-runs.loop.js';
import { releaseHeld } from './release-held.loop.js';
import { requeueLostTasks } from './requeue-lost-tasks.loop.js';
import { startDueRuns } from './start-due-runs.loop.js';

const LEASE = 'scheduler';

/** What the duties are made of. */
export interface SchedulerParts {
  readonly runs: RunStore;
  readonly schedules: ScheduleStore;
  readonly tasks: TaskStore;
  readonly queues: QueueStore;
  readonly queueReader: QueueReader;
  readonly replication: ReplicationReader;
  readonly copies: ReplicationStore;
  readonly requests: RequestStore;
  readonly wakeups: Wakeups;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tickMs: number;
  readonly runRetentionDays: number;
  readonly region: string;
  /** One of several (REGIONS). */
  readonly inMesh: boolean;
  /** Milliseconds since 1970, for how long something took and for retention in days; nothing else is judged by this process's clock. */
  readonly now: () => number;
}

export interface Candidacy {
  readonly leases: LeaseStore;
  /** The worker id of this process. */
  readonly holder: () => string;
  readonly ttlMs: number;
}

export function createScheduler(parts: SchedulerParts, candidacy: Candidacy): LeaderDuties {
  const { logger, metrics, inMesh } = parts;
  return new LeaderDuties({
    ...candidacy,
    lease: LEASE,
    logger,
    duties: [
      rebuildQueue(parts),
      startDueRuns(parts),
      fireSchedules(parts),
      releaseHeld(parts),
      requeueLostTasks(parts),
      failOverdueRuns(parts),
      advanceHorizon(parts),
      pruneRuns(parts),
      measure(parts),
      ...(inMesh ? [startRequestedRuns(parts), pruneRequests(parts), pruneConflicts(parts)] : []),
    ],
    onElected: () => metrics.leader.set({ name: LEASE }, 1),
    onDeposed: () => metrics.leader.set({ name: LEASE }, 0),
  });
}
