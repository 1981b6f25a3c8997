// What the monitor does: record, tell, carry out. Each is done again without harm; what is recorded is part of what is observed.
import {
  type CommandDecision,
  type EventStore,
  type ExpiredWorker,
  isWorkflowError,
  type LeaderChange,
  type LeaderDecision,
  logEvent,
  type Logger,
  type Metrics,
  ORCHESTRATOR_LEASE,
  type OrchestratorStore,
  type RecordedChange,
  type SplitBrainFound,
} from '@singularity-workflow/core';

export interface Recorder {
  readonly events: EventStore;
  readonly orchestrators: OrchestratorStore;
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
  if (withoutMs !== null) metrics.withoutLeaderSeconds.observe({ name: lease }, withoutMs / 1_000);
  logEvent(logger, 'leader_changed', { lease, former, successor, withoutMs, reason: sentence });
}

/** Counts and tells a change of the orchestrators' leader, which SQL has recorded as it happened. */
export function tellLeaderChange(change: RecordedChange, { metrics, logger }: Recorder): void {
  const { lease, former, successor, withoutMs, reason, cause } = change;
  metrics.failovers.inc({ name: lease, reason: cause ?? 'unknown' });
  if (withoutMs !== null) metrics.withoutLeaderSeconds.observe({ name: lease }, withoutMs / 1_000);
  logEvent(logger, 'leader_changed', { lease, former, successor, withoutMs, reason });
}

/** Records a split brain, once for as long as it lasts. */
export async function recordSplitBrain({ lease, workerId, sentence }: SplitBrainFound, recorder: Recorder): Promise<void> {
  const { events, logger, recordedBy } = recorder;
  await events.recordFailover({ kind: 'split_brain', subject: lease, former: workerId, reason: sentence, recordedBy: recordedBy() });
  logEvent(logger, 'split_brain', { lease, holders: [workerId], reason: sentence });
}

/** Tells of the death of a worker, which SQL has judged and recorded. */
export function tellDeath({ workerId, app, host, lastHeartbeatAt }: ExpiredWorker, logger: Logger): void {
  logEvent(logger, 'worker_expired', { workerId, app, host, lastHeartbeatAt });
}

/** SQL records what is done: a fence and an end of a command each with its sentence. */
export async function carryOut(decision: CommandDecision, token: number, { orchestrators, logger }: Recorder): Promise<void> {
  const { commandId, sentence } = decision;
  if (decision.do === 'fence') {
    const { lease } = decision;
    const fenced = await orchestrators.fence({ token, lease, seen: null, reason: sentence, commandId });
    if (fenced !== null) logEvent(logger, 'orchestrator_decided', { decision: 'fence', subject: lease, reason: sentence });
  } else if (await orchestrators.finish({ commandId, state: decision.state, outcome: sentence })) {
    logEvent(logger, 'orchestrator_decided', { decision: `command ${decision.state}`, subject: commandId, reason: sentence });
  }
}

export async function actOnLeader(decision: LeaderDecision, token: number, { orchestrators, logger }: Recorder): Promise<void> {
  if (decision.do === 'fence') {
    const { token: seen, sentence: reason } = decision;
    const fenced = await orchestrators.fence({ token, lease: ORCHESTRATOR_LEASE, seen, reason, commandId: null });
    if (fenced !== null) logEvent(logger, 'orchestrator_decided', { decision: 'fence', subject: ORCHESTRATOR_LEASE, reason });
  } else if (decision.do === 'fail_back') {
    const { group, sentence: reason } = decision;
    try {
      await orchestrators.failBack({ token, group, reason });
      logEvent(logger, 'orchestrator_decided', { decision: 'give the lease back to', subject: group, reason });
    } catch (error) {
      // Somebody was quicker, or the primary is gone since it was seen: the next look decides anew.
      if (!isWorkflowError(error, 'command_pending') && !isWorkflowError(error, 'no_candidate')) throw error;
    }
  }
}
