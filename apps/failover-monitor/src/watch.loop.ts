import { leaderChanges, type Duty, type LeadershipSeen, type Metrics, type WorkerStore } from '@singularity-workflow/core';
import { recordLeaderChange, tellDeath, type Recorder } from './act.js';
import { observe, type Observation, type Watched } from './observe.js';

const EVERY_MS = 1_000;
const WORKERS_MAX = 100;

export interface WatchOptions {
  readonly watched: Watched;
  readonly workers: WorkerStore;
  readonly recorder: Recorder;
  /** The monitor's own term: when it began, nobody else watched. */
  readonly term: () => { lease: string; token: number; withoutMs: number | null } | null;
}

/** Observe, decide, act, once a second: which workers died, which leases changed hands. */
export function watch({ watched, workers, recorder, term }: WatchOptions): Duty {
  let last: { token: number; seen: LeadershipSeen } | null = null;
  return {
    name: 'watch',
    intervalMs: EVERY_MS,
    async tick(token) {
      const own = term();
      const seen = await observe(watched, new Map(own === null ? [] : [[own.lease, own.withoutMs]]));
      // What was seen in an earlier term is stale: another monitor has recorded since.
      for (const change of leaderChanges(last?.token === token ? last.seen : null, seen)) await recordLeaderChange(change, recorder);
      last = { token, seen };
      const dead = await workers.expire({ token, limit: WORKERS_MAX });
      for (const worker of dead) tellDeath(worker, recorder.logger);
      show(seen, recorder.metrics);
      return dead.length === WORKERS_MAX ? 'more' : 'idle';
    },
    standBy: () => recorder.metrics.workers.reset(), // or two monitors would be added up
  };
}

function show({ workers }: Observation, metrics: Metrics): void {
  metrics.workers.reset();
  for (const { app, state, workers: count } of workers) metrics.workers.set({ app, state }, count);
}
