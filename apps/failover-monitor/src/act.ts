import { logEvent, type EventStore, type ExpiredWorker, type LeaderChange, type Logger, type Metrics } from '@singularity-workflow/core';

export interface Recorder {
  readonly events: EventStore;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** The worker id of this monitor. */
  readonly recordedBy: () => string;
}

/** Records a change of a leader. A change whose record was lost is found again at the next look, for what is recorded is part of what is observed. */
export async function recordLeaderChange(change: LeaderChange, { events, metrics, logger, recordedBy }: Recorder): Promise<void> {
  const { lease, former, successor, withoutMs, cause, sentence } = change;
  await events.recordFailover({
    kind: 'leader_changed',
    subject: lease,
    former,
    successor,
    reason: sentence,
    withoutMs,
    recordedBy: recordedBy(),
  });
  metrics.failovers.inc({ name: lease, reason: cause });
  logEvent(logger, 'leader_changed', { lease, former, successor, withoutMs, reason: sentence });
}

/** Tells of the death of a worker, which SQL has judged and recorded. */
export function tellDeath({ workerId, app, host, lastHeartbeatAt }: ExpiredWorker, logger: Logger): void {
  logEvent(logger, 'worker_expired', { workerId, app, host, lastHeartbeatAt });
}
