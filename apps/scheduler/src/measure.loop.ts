import { logEvent, type Duty, type Metrics } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const SCRAPE_INTERVAL_MS = 15_000;

/**
 * The gauges that need SQL, computed by the leader only, once per scrape interval: open runs, queues, and steps that no live worker can run.
 * A stuck step is logged when it appears, not while it lasts.
 */
export function measure({ runs, queueReader, logger, metrics, region }: SchedulerParts): Duty {
  let stuckBefore = new Set<string>();
  return {
    name: 'measure',
    intervalMs: SCRAPE_INTERVAL_MS,
    async tick() {
      const [open, depths, stuck] = await Promise.all([runs.openCounts(), queueReader.depths(), queueReader.stuckSteps()]);
      forget(metrics);
      for (const { status, runs: count } of open) metrics.runsOpen.set({ status }, count);
      for (const { queue, priority, depth, oldestSeconds } of depths) {
        metrics.queueDepth.set({ region, queue: `${queue}_${priority}` }, depth);
        metrics.queueOldestSeconds.set({ region, queue: `${queue}_${priority}` }, oldestSeconds);
      }
      for (const { workflow, stepSlug, queue, tasks } of stuck) {
        metrics.stuckTasks.set({ workflow, step: stepSlug, queue }, tasks);
        if (!stuckBefore.has(`${workflow}.${stepSlug}`)) logEvent(logger, 'step_stuck', { workflow, stepSlug, queue, tasks });
      }
      stuckBefore = new Set(stuck.map(({ workflow, stepSlug }) => `${workflow}.${stepSlug}`));
      return 'idle';
    },
    standBy: () => forget(metrics),
  };
}

/** A standby shows none of them, or two schedulers would be added up. */
function forget(metrics: Metrics): void {
  for (const gauge of [metrics.runsOpen, metrics.queueDepth, metrics.queueOldestSeconds, metrics.stuckTasks]) gauge.reset();
}
