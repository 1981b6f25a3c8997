import type { Logger } from '@singularity-workflow/core';

/** What a handler knows of its attempt, and how it learns that the attempt is over. */
export interface StepContext<RunInput = unknown> {
  readonly runId: string;
  readonly tenantId: string;
  readonly stepSlug: string;
  /** Position in the map's source; 0 for a single step. */
  readonly taskIndex: number;
  /** Rises with every claim of the task; starts at 1. */
  readonly attempt: number;
  /** `run:step:index`: the same in every attempt and region. Hand it on to whatever the handler calls. */
  readonly idempotencyKey: string;
  /** Aborts when the attempt is over: timeout, cancellation, failure of the run, loss of the task, drain. */
  readonly signal: AbortSignal;
  /** When the attempt will be aborted, at the latest. */
  readonly deadline: Date;
  /** Log lines that carry run, step, index and attempt. */
  readonly log: Logger;
  readonly runInput: RunInput;
  readonly region: string;
}
