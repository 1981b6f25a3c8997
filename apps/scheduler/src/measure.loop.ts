import { logEvent, type Duty, type Metrics, type CopyingPeer } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const SCRAPE_INTERVAL_MS = 15_000;

/**
 * The gauges that need SQL, computed by the leader only, once per scrape interval: open runs, queues, steps that no live worker can run, and who copies
 * from this database, how far behind.
 * A stuck step is logged when it appears, not while it lasts.
 */
export function measure({ runs, queueReader, replication, logger, metrics, region }: SchedulerParts): Duty {
  let stuckBefore = new Set<string>();
  return {
    name: 'measure',
    intervalMs: SCRAPE_INTERVAL_MS,
    async tick() {
      const looks = [runs.openCounts(), queueReader.depths(), queueReader.stuckSteps(), replication.peers(), queueReader.held()] as const;
      const [open, depths, stuck, peers, held] = await Promise.all(looks);
      forget(metrics);
      showPeers(metrics, peers);
      metrics.heldMessages.set(held.messages);
      metrics.heldOldestSeconds.set(held.oldestSeconds);
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

/** Several connections of one name: the one that is furthest behind. */
function showPeers({ replicationLagBytes, slotRetainedBytes, slotLost }: Metrics, peers: readonly CopyingPeer[]): void {
  const furthest = new Map<string, number>();
  for (const { peer, slot, connected, lagBytes, retainedBytes, lost } of peers) {
    if (lagBytes !== null) furthest.set(peer, Math.max(lagBytes, furthest.get(peer) ?? 0));
    if (slot === null) continue;
    if (retainedBytes !== null) slotRetainedBytes.set({ slot, active: String(connected) }, retainedBytes);
    slotLost.set({ slot }, lost ? 1 : 0);
  }
  for (const [peer, bytes] of furthest) replicationLagBytes.set({ peer }, bytes);
}

/** A standby shows none of them, or two schedulers would be added up. */
function forget(metrics: Metrics): void {
  const { runsOpen, queueDepth, queueOldestSeconds, stuckTasks, replicationLagBytes, slotRetainedBytes, slotLost } = metrics;
  const { heldMessages, heldOldestSeconds } = metrics;
  for (const gauge of [runsOpen, queueDepth, queueOldestSeconds, stuckTasks, replicationLagBytes, slotRetainedBytes, slotLost])
    gauge.reset();
  for (const gauge of [heldMessages, heldOldestSeconds]) gauge.reset();
}
