import type { ClaimedTask, EndedRuns, Logger, ReportVerdict } from '@singularity-workflow/core';
import type { Report, ReportKind } from './report-lane.js';

/** How an attempt ended, once its fate is known. `aborted`: its run ended without it. `lost`: another attempt has the task. */
export type TaskOutcome = 'completed' | 'failed' | 'released' | 'aborted' | 'lost';

/** Called from the hot path: counters and histograms only, nothing that waits. All are optional. */
export interface ExecutorMetrics {
  /** A claim came back; `tasks` may be 0. */
  claimed?(tasks: number): void;
  /** So many tasks came with the answer to a report: they follow from what it reported. */
  handedOver?(tasks: number): void;
  /** A handler begins; the task had been claimable for so long when it was claimed. */
  began?(waitSeconds: number, task: ClaimedTask): void;
  /** A handler returned, threw or was abandoned. */
  ran?(seconds: number, task: ClaimedTask): void;
  ended?(outcome: TaskOutcome, task: ClaimedTask): void;
  /** A report of this executor ended so many runs. */
  runsEnded?(runs: NonNullable<EndedRuns>): void;
  /** What was reported of runs with durability quorum waited so long for other regions; not confirmed: it is reported again. */
  quorumWaited?(seconds: number, confirmed: boolean): void;
}

const OUTCOME_OF_KIND: Readonly<Record<ReportKind, TaskOutcome>> = { complete: 'completed', fail: 'failed', release: 'released' };
const OUTCOME_OF_VERDICT: Readonly<Record<ReportVerdict, TaskOutcome | null>> = {
  accepted: null,
  already: null,
  closed: 'aborted',
  lost: 'lost',
  not_home: 'lost',
};

export function outcomeOf({ kind }: Report, verdict: ReportVerdict): TaskOutcome {
  return OUTCOME_OF_VERDICT[verdict] ?? OUTCOME_OF_KIND[kind];
}

/** The same callbacks, but what they throw is logged: a mistake in a metric must not cost a task. */
export function harmless(metrics: ExecutorMetrics, logger: Logger): ExecutorMetrics {
  const guarded = Object.entries(metrics).map(([name, callback]: [string, (...args: unknown[]) => void]) => [
    name,
    (first: unknown, second: unknown): void => {
      try {
        callback.call(metrics, first, second);
      } catch (error) {
        logger.error({ metric: name, reason: String(error) }, `the metric callback ${name} threw`);
      }
    },
  ]);
  return Object.fromEntries(guarded) as ExecutorMetrics;
}
