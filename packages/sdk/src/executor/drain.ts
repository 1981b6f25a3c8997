// How an executor ends: say so first, so that nobody counts on it; claim no more; let what runs finish; give the rest back; leave.
// Every wait has an end: the drain timeout, or the wish to hasten, then REPORT_GRACE_MS for the last reports.
import { logEvent, type Logger } from '@singularity-workflow/core';
import type { AttemptRunner } from './attempt-runner.js';
import type { ClaimLoop } from './claim.loop.js';
import type { HeartbeatLoop } from './heartbeat.loop.js';
import type { Membership } from './membership.js';
import type { OutcomeBatcher } from './outcome-batcher.js';
import { untilAnswered } from './until-answered.js';

export interface DrainOptions {
  readonly timeoutMs: number;
  /** Aborts when the rest shall be given back at once. */
  readonly hastened: AbortSignal;
  readonly membership: Membership;
  readonly claims: ClaimLoop;
  readonly heartbeats: HeartbeatLoop;
  readonly runner: AttemptRunner;
  readonly outcomes: OutcomeBatcher;
  readonly logger: Logger;
  /** Sets whom to call after each verdict. */
  readonly onSettled: (callback: () => void) => void;
}

const REPORT_GRACE_MS = 5_000;

export async function drain(options: DrainOptions): Promise<void> {
  const { membership, claims, heartbeats, runner, outcomes, logger } = options;
  const patience = AbortSignal.any([options.hastened, AbortSignal.timeout(options.timeoutMs)]);
  const deprecated = untilAnswered('deprecation', () => membership.deprecate(), { signal: patience, logger });
  await endOf(
    deprecated.catch(() => undefined),
    patience,
  );
  const claimed = claims.stop();
  await endOf(claimed, patience);
  await endOf(
    settled(options, () => runner.busy === 0 && outcomes.size === 0),
    patience,
  );

  const grace = AbortSignal.timeout(REPORT_GRACE_MS);
  runner.close();
  outcomes.flush();
  await endOf(
    settled(options, () => outcomes.size === 0),
    grace,
  );
  const lost = outcomes.close();
  if (lost > 0) logEvent(logger, 'reports_kept', { reports: lost, reason: 'given up at the end of the drain; their tasks run again' });
  await endOf(claimed, grace);
  await endOf(heartbeats.stop(), grace);
  await endOf(
    membership.leave().catch(() => undefined),
    grace,
  );
}

/** Resolves when the condition holds after some verdict, or now. */
function settled({ onSettled }: DrainOptions, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (holds()) resolve();
    };
    onSettled(look);
    look();
  });
}

/** Resolves when the work has, or when `signal` aborts. */
function endOf(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => resolve();
    if (signal.aborted) return end();
    signal.addEventListener('abort', end, { once: true });
    void work.then(end, end);
  });
}
