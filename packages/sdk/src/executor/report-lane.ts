// One kind of report on its way to the database: one call in flight, the next batch collects meanwhile, so that batches grow with the load.
//
// A report leaves the lane only with a verdict. While the database is away the batch is kept and sent again, with jittered growing delays:
// its first answer may have been lost, and then the verdict is `already`. A batch that the database refuses for a value in it is taken
// apart, one call an element, so that one bad report does not hold up the others.
//
// Limit: FLUSH_BYTES_MAX per call; how much may wait is the claim loop's business (see OutcomeBatcher.isFull).
import { isUnavailable, jittered, nextDelayMs, type Logger, logEvent, type EndedRuns, type ReportRow } from '@singularity-workflow/core';
import type { Attempt } from './attempt.js';

export type ReportKind = 'complete' | 'fail' | 'release';

export interface Report {
  readonly kind: ReportKind;
  readonly attempt: Attempt;
  /** The element of the batch, as JSON text. */
  readonly text: string;
  /** Of a failure. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** What SQL answers per element; `ended` and `queues` of the whole batch stand in the first. */
export type Answer = ReportRow & { readonly retryAt?: Date | null; readonly ended?: EndedRuns };

/** Reports the elements, which are the text of a JSON array; the answers point into it. */
export type SendReports = (workerId: string, elements: string) => Promise<Answer[]>;

export interface LaneOptions {
  readonly kind: ReportKind;
  readonly flushSize: number;
  readonly flushIntervalMs: number;
  readonly logger: Logger;
  readonly send: SendReports;
  /** True when no attempt is under way: nothing more will come, so that waiting would be in vain. */
  readonly isIdle: () => boolean;
  readonly onAnswer: (reports: readonly Report[], answers: readonly Answer[]) => void;
  /** The database refused the report, by itself, for what is in it. */
  readonly onPoison: (report: Report, error: Error) => void;
}

/** 1 MiB is the most that one output may have: at least this many bytes go in one call, at most one output more. */
const FLUSH_BYTES_MAX = 4 * 1_048_576;

export class ReportLane {
  private waiting: Report[] = [];
  private waitingBytes = 0;
  private sending: readonly Report[] = [];
  private draining = false;
  private timer: NodeJS.Timeout | undefined;
  private endRetryWait: (() => void) | undefined;
  private failures = 0;
  /** So many of the next reports go one by one. */
  private apart = 0;
  private closed = false;

  constructor(private readonly options: LaneOptions) {}

  /** Reports without a verdict. */
  get size(): number {
    return this.waiting.length + this.sending.length;
  }

  /** Characters of the reports that wait. */
  get bytes(): number {
    return this.waitingBytes;
  }

  get isFailing(): boolean {
    return this.failures > 0;
  }

  add(report: Report): void {
    this.waiting.push(report);
    this.waitingBytes += report.text.length;
    if (this.draining) return;
    if (this.waiting.length >= this.options.flushSize || this.options.isIdle()) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), this.options.flushIntervalMs);
  }

  /** Sends what waits, now. While a call is in flight nothing is needed: its end sends the rest. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.draining && this.waiting.length > 0 && !this.closed) void this.drain();
  }

  /** Ends the wait after a failure: the database answered somebody else. */
  retryNow(): void {
    this.endRetryWait?.();
  }

  /** Nothing is sent from now on. Answers how many reports had no verdict. */
  close(): number {
    this.closed = true;
    clearTimeout(this.timer);
    this.endRetryWait?.();
    return this.size;
  }

  private async drain(): Promise<void> {
    this.draining = true;
    while (this.waiting.length > 0 && !this.closed) {
      this.sending = this.takeBatch();
      await this.sendUntilAnswered();
    }
    this.draining = false;
  }

  private takeBatch(): readonly Report[] {
    const { workerId } = this.waiting[0]!.attempt;
    const countMax = this.apart > 0 ? 1 : this.options.flushSize;
    let count = 0;
    let bytes = 0;
    while (count < this.waiting.length && count < countMax && bytes < FLUSH_BYTES_MAX) {
      const report = this.waiting[count]!;
      if (report.attempt.workerId !== workerId) break;
      bytes += report.text.length;
      count += 1;
    }
    this.apart = Math.max(0, this.apart - 1);
    this.waitingBytes -= bytes;
    if (count < this.waiting.length) return this.waiting.splice(0, count);
    const all = this.waiting;
    this.waiting = [];
    return all;
  }

  private async sendUntilAnswered(): Promise<void> {
    const reports = this.sending;
    const elements = textOf(reports);
    while (!this.closed) {
      try {
        const answers = await this.options.send(reports[0]!.attempt.workerId, elements);
        this.failures = 0;
        this.sending = [];
        this.options.onAnswer(reports, answers);
        return;
      } catch (error) {
        if (isRefusedForItsContent(error)) return this.takeApart(reports, error as Error);
        await this.waitAfter(error as Error);
      }
    }
  }

  private takeApart(reports: readonly Report[], error: Error): void {
    this.sending = [];
    if (reports.length === 1) return this.options.onPoison(reports[0]!, error);
    this.apart += reports.length;
    this.waiting = [...reports, ...this.waiting];
    for (const report of reports) this.waitingBytes += report.text.length;
  }

  private waitAfter(error: Error): Promise<void> {
    this.failures += 1;
    if (this.failures === 1) logEvent(this.options.logger, 'reports_kept', { reports: this.size, reason: error.message });
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.endRetryWait = undefined;
        resolve();
      };
      const timer = setTimeout(end, jittered(nextDelayMs(this.failures), Math.random()));
      this.endRetryWait = end;
    });
  }
}

function textOf(reports: readonly Report[]): string {
  let text = '[';
  for (let index = 0; index < reports.length; index += 1) text += index === 0 ? reports[index]!.text : `,${reports[index]!.text}`;
  return `${text}]`;
}

/** SQLSTATE classes that blame a value: data (22), integrity (23), limits (54), an exception in SQL code (P0). */
const CONTENT_CLASSES = new Set(['22', '23', '54', 'P0']);

/** Everything else, outages above all, may end otherwise at the next try. */
function isRefusedForItsContent(error: unknown): boolean {
  if (isUnavailable(error)) return false;
  const code = (error as { code?: unknown }).code;
  if (code === 'invalid_request' || code === 'batch_too_large' || code === 'output_too_large') return true;
  return typeof code === 'string' && CONTENT_CLASSES.has(code.slice(0, 2)) && code.length === 5;
}
