import type { Metrics } from '@singularity-workflow/core';
import type { ExecutorMetrics, TaskOutcome } from '@singularity-workflow/sdk';

const OUTCOMES: readonly TaskOutcome[] = ['completed', 'failed', 'released', 'aborted', 'lost'];

/** The executor's counters and histograms. Labels are resolved here, once: this is called several times for each task. */
export function executorMetrics(metrics: Metrics, workerId: string): ExecutorMetrics {
  const executions = metrics.executions.labels(workerId);
  const ended = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, metrics.tasks.labels(outcome)]));
  return {
    claimed: (tasks) => metrics.claimBatch.observe(tasks),
    handedOver: (tasks) => metrics.handedOver.inc(tasks),
    began(waitSeconds) {
      executions.inc();
      metrics.taskWaitSeconds.observe(waitSeconds);
    },
    ran: (seconds) => metrics.taskSeconds.observe(seconds),
    ended: (outcome) => ended[outcome]?.inc(),
    quorumWaited: (seconds, confirmed) => metrics.quorumWaitSeconds.observe({ outcome: confirmed ? 'confirmed' : 'refused' }, seconds),
    runsEnded(runs) {
      for (const [outcome, count] of Object.entries(runs ?? {})) metrics.runsFinished.inc({ outcome }, count);
    },
  };
}
