// The failover-monitor: leader by the lease `failover-monitor`. It watches workers and leaders, records what happened to them and shows it; it fences
// orchestrators that lead without a sign of life, and carries out what operators ask.
//
// Limit: it never declares anybody dead, and elects nobody. Workers are judged in SQL by their heartbeats, leases end by the database's clock, and
// whoever may lead next takes them by itself.
import {
  type Duty,
  homeDuties,
  type HomeDutiesOptions,
  LeaderDuties,
  type LeaseStore,
  type OrchestratorRules,
  type Term,
  type WorkerStore,
} from '@singularity-workflow/core';
import type { Recorder } from './act.js';
import { carryOutCommands } from './commands.loop.js';
import type { Watched } from './observe.js';
import { oversee, type Oversight } from './orchestrators.loop.js';
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
  readonly rules: OrchestratorRules;
  readonly checkIntervalMs: number;
  /** Null without REGIONS. */
  readonly homes: HomeDutiesOptions | null;
  /** The decision plane of several regions; none without REGIONS. */
  readonly regions: readonly Duty[];
}

export interface Monitor {
  readonly duties: LeaderDuties;
  readonly oversight: Oversight;
}

export function createMonitor(parts: MonitorParts): Monitor {
  const { watched, workers, leases, recorder, leaseTtlMs, workerRetentionMs, rules, checkIntervalMs, homes, regions } = parts;
  const { events, metrics, logger, recordedBy } = recorder;
  const oversight = oversee({ watched, recorder, rules, checkIntervalMs });
  let term: Term | null = null;
  const duties = new LeaderDuties({
    lease: LEASE,
    holder: recordedBy,
    ttlMs: leaseTtlMs,
    leases,
    logger,
    duties: [
      watch({ watched, workers, recorder, term: () => term, leaseTtlMs }),
      carryOutCommands(watched, recorder),
      oversight,
      prune({ workers, events, retentionMs: workerRetentionMs, logger }),
      ...regions,
      ...(homes === null ? [] : homeDuties(homes)),
    ],
    onElected: (elected) => {
      term = elected;
      metrics.leader.set({ name: LEASE }, 1);
    },
    onDeposed: () => metrics.leader.set({ name: LEASE }, 0),
  });
  return { duties, oversight };
}
