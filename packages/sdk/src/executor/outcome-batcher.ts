// Outcomes of attempts, reported in batches: one lane for each kind of report. Knows no handler and no queue. Verdicts on runs with durability quorum
// wait in a place of their own (UnconfirmedVerdicts).
// Limit: from `unreportedMax` reports or UNREPORTED_BYTES_MAX on, `isFull` is true and nobody claims more.
import {
  type ClaimedTask,
  type EndedRuns,
  logEvent,
  type Logger,
  type QuorumRuns,
  type ReleaseReason,
  type ReportVerdict,
  type TaskStore,
  unconfirmedOf,
} from '@singularity-workflow/core';
import type { Attempt } from './attempt.js';
import { storableText } from './output.js';
import { ReportLane, type Answer, type Report, type ReportKind, type SendReports, type Verdict } from './report-lane.js';
import type { SettledClaims } from './settled-claims.js';
import { type Unconfirmed, UnconfirmedVerdicts } from './unconfirmed-verdicts.js';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
}

export interface BatcherOptions {
  readonly tasks: TaskStore;
  readonly settled: SettledClaims;
  readonly logger: Logger;
  readonly flushSize: number;
  readonly flushIntervalMs: number;
  readonly unreportedMax: number;
  readonly isIdle: () => boolean;
  /** False: this process wants no more work, not even what follows from its own. */
  readonly takesOver: () => boolean;
  readonly leaderToken: () => number | null;
  /** Up to when this process may begin what it asks for now, on its monotonic clock. */
  readonly trustedUntilMs: () => number;
  /** The attempt has its verdict: this process has nothing to do with it any more. */
  readonly onVerdict: (report: Report, verdict: ReportVerdict) => void;
  /** Nobody could take the report. */
  readonly onGivenUp: (report: Report) => void;
  /** This worker's tasks from now on: they follow from what it reported. */
  readonly onHandedOver: (tasks: readonly ClaimedTask[], workerId: string, untilMs: number) => void;
  /** After all of the above, once for each answer. */
  readonly onAnswered: () => void;
  /** Queues that got work through what was reported. */
  readonly onWork: (queues: ReadonlySet<string>) => void;
  readonly onRunsEnded: (runs: NonNullable<EndedRuns>) => void;
  readonly quorum: Pick<QuorumRuns, 'refused' | 'close'>;
  /** The report is stored, and its verdict waits for other regions: nothing that follows is handed over with it. */
  readonly onUnconfirmed: (report: Report) => void;
}

const UNREPORTED_BYTES_MAX = 64 * 1_048_576;
/** Completions are most of what the database does for an executor: with one call alone a single core of it works. */
const COMPLETE_CALLS_MAX = 2;
const NO_TASKS: readonly ClaimedTask[] = [];

export class OutcomeBatcher {
  private readonly lanes: Readonly<Record<ReportKind, ReportLane>>;
  private readonly unconfirmed: UnconfirmedVerdicts;

  constructor(private readonly options: BatcherOptions) {
    const { tasks, quorum, onAnswered } = options;
    this.unconfirmed = new UnconfirmedVerdicts({
      quorum,
      onAnswered,
      onConfirmed: (report, verdict) => this.judged(report, verdict),
      repeat: (report) => this.lanes[report.kind].add(report),
    });
    this.lanes = {
      complete: this.lane('complete', (reports, elements) => this.sendCompletions(reports, elements)),
      fail: this.lane('fail', async (reports, failures) => ({
        rows: await tasks.fail({ workerId: workerOf(reports), failures }),
        handed: NO_TASKS,
      })),
      release: this.lane('release', async (reports, elements) => ({
        rows: await tasks.release({ workerId: workerOf(reports), tasks: elements }),
        handed: NO_TASKS,
      })),
    };
  }

  /** `output` is JSON text. */
  complete(attempt: Attempt, output: string): void {
    this.add('complete', attempt, `"output":${output}`);
  }

  fail(attempt: Attempt, { code, message, stack, retryable, retryAfterMs }: Failure): void {
    const error = { code, message: storableText(message), ...(stack !== undefined && { stack: storableText(stack) }) };
    const delay = retryAfterMs === undefined ? '' : `,"retry_after_ms":${retryAfterMs}`;
    this.add('fail', attempt, `"error":${JSON.stringify(error)},"retryable":${retryable}${delay}`, error);
  }

  release(attempt: Attempt, reason: ReleaseReason): void {
    this.add('release', attempt, `"reason":"${reason}"`);
  }

  /** Reports without a verdict. */
  get size(): number {
    return this.unsent + this.unconfirmed.size;
  }

  get isFull(): boolean {
    const { complete, fail } = this.lanes;
    const isFull = this.unsent >= this.options.unreportedMax || complete.bytes + fail.bytes >= UNREPORTED_BYTES_MAX;
    return isFull || this.unconfirmed.isFull;
  }

  /** True while the database takes no reports. */
  get isFailing(): boolean {
    return Object.values(this.lanes).some((lane) => lane.isFailing);
  }

  flush(): void {
    for (const lane of Object.values(this.lanes)) lane.flush();
  }

  retryNow(): void {
    for (const lane of Object.values(this.lanes)) lane.retryNow();
  }

  /** Gives up what has no verdict, and answers how much that is. */
  close(): number {
    return Object.values(this.lanes).reduce((sum, lane) => sum + lane.close(), this.unconfirmed.close());
  }

  private get unsent(): number {
    return this.lanes.complete.size + this.lanes.fail.size + this.lanes.release.size;
  }

  private add(kind: ReportKind, attempt: Attempt, fields: string, error?: Report['error']): void {
    this.lanes[kind].add({ kind, attempt, text: `{${attempt.refText},${fields}}`, error });
  }

  private lane(kind: ReportKind, send: SendReports): ReportLane {
    const { flushSize, flushIntervalMs, logger, isIdle } = this.options;
    return new ReportLane({
      kind,
      flushSize,
      flushIntervalMs,
      callsMax: kind === 'complete' ? COMPLETE_CALLS_MAX : 1,
      logger,
      send,
      isIdle,
      onAnswer: (reports, answer) => this.answered(reports, answer),
      onPoison: (report, error) => this.poisoned(report, error),
    });
  }

  /** Room for what follows is there: the slots that these attempts kept. Asked anew when a batch is sent again. */
  private sendCompletions(reports: readonly Report[], results: string): Promise<Answer> {
    const { tasks, settled, takesOver, leaderToken, trustedUntilMs } = this.options;
    const workerId = workerOf(reports);
    let capacity = 0;
    if (takesOver()) for (const { attempt } of reports) if (attempt.keepsSlot) capacity += 1;
    const handedUntilMs = trustedUntilMs();
    return settled.sentWith(workerId, async (ids) => ({
      ...(await tasks.complete({ workerId, results, capacity, leaderToken: leaderToken(), settled: ids })),
      handedUntilMs,
    }));
  }

  private answered(reports: readonly Report[], { rows, handed, handedUntilMs = Infinity }: Answer): void {
    const { onWork, onRunsEnded, onHandedOver, onUnconfirmed, onAnswered } = this.options;
    const worked = new Set<string>();
    const runs = unconfirmedOf(rows[0]?.unconfirmed ?? null);
    const held: Unconfirmed[] = [];
    for (const verdict of rows) {
      const { ordinal, queues, ended } = verdict;
      if (ended) onRunsEnded(ended);
      if (queues !== null) for (const queue of queues) worked.add(queue);
      const report = reports[ordinal - 1];
      if (report === undefined) continue;
      if (runs.size > 0 && acknowledges(verdict) && runs.has(report.attempt.task.runId)) {
        held.push({ report, verdict });
        onUnconfirmed(report);
      } else this.judged(report, verdict);
    }
    if (held.length > 0) this.unconfirmed.hold(held, runs);
    if (handed.length > 0) onHandedOver(handed, workerOf(reports), handedUntilMs);
    if (worked.size > 0) onWork(worked);
    onAnswered();
  }

  private judged(report: Report, { verdict, retryAt = null }: Verdict): void {
    const { logger, onVerdict } = this.options;
    const { attempt, error } = report;
    // `closed` is the ordinary end of the siblings of a task that failed.
    if (verdict === 'lost' || verdict === 'not_home') logEvent(logger, 'report_refused', { ...attempt.name, verdict });
    else if (error !== undefined && verdict !== 'closed')
      logEvent(logger, 'task_failed', { ...attempt.name, code: error.code, reason: error.message, retryAt });
    onVerdict(report, verdict);
  }

  /** A completion that cannot be stored is a failure; a failure that cannot be stored is left to the scheduler's timeout. */
  private poisoned(report: Report, error: Error): void {
    if (report.kind === 'complete') {
      const message = `the output cannot be stored: ${error.message}`;
      return this.fail(report.attempt, { code: 'invalid_output', message, retryable: false });
    }
    logEvent(this.options.logger, 'report_refused', { ...report.attempt.name, verdict: error.message });
    this.options.onGivenUp(report);
    this.options.onAnswered();
  }
}

/** What says that the report counts. */
function acknowledges({ verdict }: Verdict): boolean {
  return verdict === 'accepted' || verdict === 'already';
}

function workerOf(reports: readonly Report[]): string {
  return reports[0]!.attempt.workerId;
}
