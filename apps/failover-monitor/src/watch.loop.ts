import {
  judgeSplitBrains,
  leaderChanges,
  type Duty,
  type Metrics,
  type SplitBrainWatch,
  type WorkerStore,
} from '@singularity-workflow/core';
import { recordLeaderChange, recordSplitBrain, tellDeath, tellLeaderChange, type Recorder } from './act.js';
import { observe, type Observation, type Watched } from './observe.js';

const EVERY_MS = 1_000;
const WORKERS_MAX = 100;

export interface WatchOptions {
  readonly watched: Watched;
  readonly workers: WorkerStore;
  readonly recorder: Recorder;
  /** The monitor's own term: when it began, nobody else watched. */
  readonly term: () => { lease: string; token: number; withoutMs: number | null } | null;
  /** Of the monitors' own lease. */
  readonly leaseTtlMs: number;
}

/** A monitor that died had not looked any more for up to the length of its lease before that ended. Better told twice than not at all. */
const blindMsOf = (own: { withoutMs: number | null } | null, leaseTtlMs: number): number =>
  own === null || own.withoutMs === null ? 0 : own.withoutMs + leaseTtlMs;

/** Observe, decide, act, once a second: which workers died, which leases changed hands, who believes what is not so. */
export function watch({ watched, workers, recorder, term, leaseTtlMs }: WatchOptions): Duty {
  const splitBrainMs = leaseTtlMs / 2; // a belief that ends sooner is one that is just being corrected
  let last: { token: number; seen: Observation } | null = null;
  let beliefs: SplitBrainWatch = new Map();
  return {
    name: 'watch',
    intervalMs: EVERY_MS,
    async tick(token) {
      const own = term();
      // What was seen in an earlier term is stale: another monitor has recorded since.
      const before = last?.token === token ? last.seen : null;
      const ownGaps = new Map(own === null ? [] : [[own.lease, own.withoutMs]]);
      const seen = await observe(watched, { ownGaps, lastChange: before?.lastChange ?? null, blindMs: blindMsOf(own, leaseTtlMs) });
      for (const change of leaderChanges(before, seen)) await recordLeaderChange(change, recorder);
      for (const change of seen.changed) tellLeaderChange(change, recorder);
      last = { token, seen };
      const judged = judgeSplitBrains(beliefs, seen.splitBrains, {
        nowMs: performance.now(),
        lastingMs: splitBrainMs,
        leaders: seen.leaders,
      });
      for (const found of judged.found) await recordSplitBrain(found, recorder);
      beliefs = judged.watch;
      const dead = await workers.expire({ token, limit: WORKERS_MAX });
      for (const worker of dead) tellDeath(worker, recorder.logger);
      show(seen, recorder.metrics);
      return dead.length === WORKERS_MAX ? 'more' : 'idle';
    },
    standBy: () => {
      recorder.metrics.workers.reset(); // or two monitors would be added up
      recorder.metrics.splitBrain.reset();
      beliefs = new Map();
    },
  };
}

function show({ workers, leaders, splitBrains }: Observation, metrics: Metrics): void {
  for (const name of leaders.keys()) metrics.splitBrain.set({ name }, splitBrains.filter(({ lease }) => lease === name).length);
  metrics.workers.reset();
  for (const { app, state, workers: count } of workers) metrics.workers.set({ app, state }, count);
}
