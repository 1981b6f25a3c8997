// What SQL answers per element of a batch. Verdicts, never exceptions: a lost race is an ordinary answer.

/**
 * Of a report (complete, fail, release), the first that fits:
 * - `already`  this attempt's report was accepted before, whatever has ended since
 * - `closed`   the run or the step is final
 * - `lost`     this attempt no longer holds the task
 * - `not_home` the run's home is another region
 * - `accepted`
 */
export const REPORT_VERDICTS = ['already', 'closed', 'lost', 'not_home', 'accepted'] as const;
export type ReportVerdict = (typeof REPORT_VERDICTS)[number];

export type StartOutcome = 'created' | 'existing' | 'conflict' | 'refused' | 'not_home';
export type CancelVerdict = 'cancelled' | 'already' | 'finished' | 'not_found' | 'not_home';
export type DeleteVerdict = 'deleted' | 'not_finished' | 'not_found' | 'not_home';

/** Why a worker gives a task back unfinished. No failure is counted. */
export type ReleaseReason = 'drain' | 'handler_missing' | 'aborted';
/** Why a heartbeat tells a worker to abort an attempt. */
export type AbortReason = 'run_cancelled' | 'run_failed' | 'run_closed' | 'lost' | 'moving';
/** Why the scheduler took a task away from its worker. */
export type LossReason = 'worker_lost' | 'claim_lost' | 'timeout';
