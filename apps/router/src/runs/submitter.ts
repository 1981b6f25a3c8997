// Gathers submissions that arrive at the same time into one call of start_runs: one transaction, one commit, one fsync for many of them.
// Limits: one call at a time, of at most `batchMax` elements and about BATCH_BYTES_MAX; WAITING_BYTES_MAX of bodies may wait for the next.
//
// An idle router sends at once. While a call is in flight the next batch collects, and goes off when the call returns; `windowMs` later where
// the last batch was a shared one, because the clients it answered are about to come back. Each submission gets its own answer. A call that the
// database refuses as a whole is repeated in halves, so that one submission cannot fail its neighbours; one whose outcome is not known
// (database gone) is repeated by nobody but the client.
import { isUnavailable, WorkflowError } from '@singularity-workflow/core';
import type { StartRunRequest } from '@singularity-workflow/core';
import { Refusal } from '../wire/refusal.js';

const BATCH_BYTES_MAX = 8 * 1_048_576;
const WAITING_BYTES_MAX = 64 * 1_048_576;

interface Waiting<Answer> {
  request: StartRunRequest;
  bytes: number;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export interface SubmitterOptions<Answer> {
  start(requests: StartRunRequest[]): Promise<Answer[]>;
  windowMs: number;
  batchMax: number;
}

/** An answer says by its ordinal which request it is to. */
export class Submitter<Answer extends { readonly ordinal: number }> {
  private waiting: Waiting<Answer>[] = [];
  private waitingBytes = 0;
  private inFlight = false;
  private scheduled = false;

  constructor(private readonly options: SubmitterOptions<Answer>) {}

  /** `bytes`: about the size of the request as JSON; its body's will do. */
  submit(request: StartRunRequest, bytes: number): Promise<Answer> {
    if (this.waitingBytes + bytes > WAITING_BYTES_MAX) {
      const facts = { waiting_bytes_max: WAITING_BYTES_MAX };
      return Promise.reject(new Refusal('too_many_submissions', 'Too many submissions are waiting for the database.', { facts }));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, bytes, resolve, reject });
      this.waitingBytes += bytes;
      if (!this.inFlight) this.schedule(0);
    });
  }

  /** What comes in one turn of the event loop shares a call even on an idle router. */
  private schedule(delayMs: number): void {
    if (this.scheduled) return;
    this.scheduled = true;
    if (delayMs === 0) setImmediate(() => void this.send());
    else setTimeout(() => void this.send(), delayMs);
  }

  private async send(): Promise<void> {
    this.scheduled = false;
    const batch = this.take();
    this.inFlight = true;
    await this.call(batch);
    this.inFlight = false;
    if (this.waiting.length > 0 || batch.length > 1) this.schedule(this.delayAfter(batch));
  }

  private delayAfter(batch: Waiting<Answer>[]): number {
    return batch.length > 1 && this.waiting.length < this.options.batchMax ? this.options.windowMs : 0;
  }

  private take(): Waiting<Answer>[] {
    let bytes = 0;
    let size = 0;
    while (size < Math.min(this.waiting.length, this.options.batchMax) && (size === 0 || bytes < BATCH_BYTES_MAX)) {
      bytes += this.waiting[size++]!.bytes;
    }
    this.waitingBytes -= bytes;
    return this.waiting.splice(0, size);
  }

  private async call(batch: Waiting<Answer>[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const answers = await this.options.start(batch.map((waiting) => waiting.request));
      for (const answer of answers) batch[answer.ordinal - 1]?.resolve(answer);
      // Nobody may wait for ever; for those that were answered this changes nothing.
      const unanswered = new WorkflowError('database_unavailable', 'The database did not answer for this submission.');
      for (const waiting of batch) waiting.reject(unanswered);
    } catch (error) {
      if (batch.length === 1 || isUnavailable(error)) {
        for (const waiting of batch) waiting.reject(error);
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await this.call(batch.slice(0, half));
      await this.call(batch.slice(half));
    }
  }
}
