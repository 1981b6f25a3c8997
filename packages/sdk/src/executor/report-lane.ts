// One kind of report on its way to the database: one call in flight, the next batch collects meanwhile, so that batches grow with the load.
// After a quiet time the first report waits for nobody but those that end in the same turn of the event loop.
//
// A report leaves the lane only with a verdict. While the database is away the batch is kept and sent again, with jittered growing delays:
// its first answer may have been lost, and then the verdict is `already`. A batch that the database refuses for a value in it is taken
// apart, one call an element, so that one bad report does not hold up the others.
//
// Limit: FLUSH_BYTES_MAX per call; how much may wait is the claim loop's business (see OutcomeBatcher.isFull).
import {
  type ClaimedTask,
  type EndedRuns,
  isUnavailable,
  jittered,
  type Logger,
  logEvent,
  nextDelayMs,
  type ReportRow,
  type UnconfirmedAnswer,
} from '@singularity-workflow/core';
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

/** What SQL answers per element; `ended`, `queues` and `unconfirmed` of the whole batch stand in the first. */
export type Verdict = ReportRow & { readonly retryAt?: Date | null; readonly ended?: EndedRuns; readonly unconfirmed?: UnconfirmedAnswer };

export interface Answer {
  /** They point into the batch. */
  readonly rows: readonly Verdict[];
  /** Claimed for this worker in the same call. */
  readonly handed: readonly ClaimedTask[];
  /** They must begin before, on this process's monotonic clock, or not at all. */
  readonly handedUntilMs?: number;
}

/** Reports a batch of one worker; `elements` is the text of it, a JSON array. */
export type SendReports = (reports: readonly Report[], elements: string) => Promise<Answer>;

export interface LaneOptions {
  readonly kind: ReportKind;
  readonly flushSize: number;
  readonly flushIntervalMs: number;
  /** Calls in flight at once. */
  readonly callsMax: number;
  readonly logger: Logger;
  readonly send: SendReports;
  /** True when no attempt is under way: nothing more will come, so that waiting would be in vain. */
  readonly isIdle: () => boolean;
  readonly onAnswer: (reports: readonly Report[], answer: Answer) => void;
  /** The database refused the report, by itself, for what is in it. */
  readonly onPoison: (report: Report, error: Error) => void;
}

/** 1 MiB is the most that one output may have: at least this many bytes go in one call, at most one output more. */
const FLUSH_BYTES_MAX = 4 * 1_048_576;

export class ReportLane {
  private waiting: Report[] = [];
  private waitingBytes = 0;
  private sending = 0;
  private calls = 0;
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Immediate | undefined;
  private answeredAtMs = -Infinity;
  private readonly retryWaits = new Set<() => void>();
  private failures = 0;
  /** So many of the next reports go one by one. */
  private apart = 0;
  private closed = false;

  constructor(private readonly options: LaneOptions) {}

  /** Reports without a verdict. */
  get size(): number {
    return this.waiting.length + this.sending;
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
    if (this.calls > 0) this.helpOut();
    else if (this.waiting.length >= this.options.flushSize || this.options.isIdle()) this.flush();
    else if (this.timer === undefined && this.soon === undefined) this.schedule();
  }

  /** Sends what waits, now. While a call is in flight nothing is needed: its end sends the rest. */
  flush(): void {
    this.unschedule();
    if (this.calls === 0 && this.waiting.length > 0 && !this.closed) void this.drain(1);
  }

  /** One more call beside those in flight, where there is a full batch for it. Not while the database is away. */
  private helpOut(): void {
    const { callsMax, flushSize } = this.options;
    if (this.waiting.length >= flushSize && this.calls < callsMax && this.failures === 0 && !this.closed) void this.drain(flushSize);
  }

  /** Ends the wait after a failure: the database answered somebody else. */
  retryNow(): void {
    for (const end of this.retryWaits) end();
  }

  /** Nothing is sent from now on. Answers how many reports had no verdict. */
  close(): number {
    this.closed = true;
    this.unschedule();
    this.retryNow();
    return this.size;
  }

  private schedule(): void {
    const { flushIntervalMs } = this.options;
    const flush = (): void => this.flush();
    if (performance.now() - this.answeredAtMs >= flushIntervalMs) this.soon = setImmediate(flush);
    else this.timer = setTimeout(flush, flushIntervalMs);
  }

  private unschedule(): void {
    clearTimeout(this.timer);
    clearImmediate(this.soon);
    this.timer = undefined;
    this.soon = undefined;
  }

  /** Sends batch after batch while at least `from` reports wait, or one, where this is the only call. */
  private async drain(from: number): Promise<void> {
    this.calls += 1;
    while (this.waiting.length >= (this.calls === 1 ? 1 : from) && !this.closed) await this.sendUntilAnswered(this.takeBatch());
    this.calls -= 1;
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

  private async sendUntilAnswered(reports: readonly Report[]): Promise<void> {
    this.sending += reports.length;
    const elements = textOf(reports);
    while (!this.closed) {
      try {
        const answer = await this.options.send(reports, elements);
        this.answeredAtMs = performance.now();
        this.failures = 0;
        this.sending -= reports.length;
        this.options.onAnswer(reports, answer);
        return;
      } catch (error) {
        if (isRefusedForItsContent(error)) return this.takeApart(reports, error as Error);
        await this.waitAfter(error as Error);
      }
    }
  }

  private takeApart(reports: readonly Report[], error: Error): void {
    this.sending -= reports.length;
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
        this.retryWaits.delete(end);
        resolve();
      };
      const timer = setTimeout(end, jittered(nextDelayMs(this.failures), Math.random()));
      this.retryWaits.add(end);
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
