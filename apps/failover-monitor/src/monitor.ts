// The failover-monitor: leader by the lease `failover-monitor`. It watches workers and leaders, records what happened to them and shows it.
//
// Limit: it never declares anybody dead. Workers are judged in SQL by their heartbeats, leases end by the database's clock.
import { LeaderDuties, type LeaseStore, type Term, type WorkerStore } from '@singularity-workflow/core';
import type { Recorder } from './act.js';
import type { Watched } from './observe.js';
import { prune } from './prune.loop.js';
import { watch } from './watch.loop.js';

const LEASE = 'failover-monitor';

export interface MonitorParts {
  readonly watched: Watched;
  readonly workers: WorkerStore;
  readonly leases: LeaseStore;
  readonly recorder: Recorder;
  readonly leaseTtlMs: number;
  readonly workerRetentionMs: number;
}

export function createMonitor({ watched, workers, leases, recorder, leaseTtlMs, workerRetentionMs }: MonitorParts): LeaderDuties {
  const { events, metrics, logger, recordedBy } = recorder;
  let term: Term | null = null;
  return new LeaderDuties({
    lease: LEASE,
    holder: recordedBy,
    ttlMs: leaseTtlMs,
    leases,
    logger,
    duties: [watch({ watched, workers, recorder, term: () => term }), prune({ workers, events, retentionMs: workerRetentionMs, logger })],
    onElected: (elected) => {
      term = elected;
      metrics.leader.set({ name: LEASE }, 1);
    },
    onDeposed: () => metrics.leader.set({ name: LEASE }, 0),
  });
}
