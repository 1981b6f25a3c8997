// One client's Server-Sent Events of one run: what it was sent, where its next read begins, and the text on the wire.
// Limits: a client that does not read is not read for (BUFFERED_CHARS_MAX); ids are remembered for the window only.
import { Readable } from 'node:stream';
import { type EventPosition, FINAL_RUN_STATUSES, type RunEventRow } from '@singularity-workflow/core';
import { isoOfMicros } from '../wire/fields.js';

const BUFFERED_CHARS_MAX = 262_144;
/** How long after its time an event may still be committed: it is found by reading this far back again. */
const WINDOW_MICROS = 5_000_000n;
const FINAL_TYPES: ReadonlySet<string> = new Set(FINAL_RUN_STATUSES.map((status) => `run_${status}`));

export class EventStream {
  readonly readable = new Readable({ encoding: 'utf8', highWaterMark: BUFFERED_CHARS_MAX, read: () => undefined });
  /** The ids sent, with their times: those inside the window are read again. */
  private sent = new Map<string, bigint>();
  private from: EventPosition | null;
  private newest = 0n;
  private cloggedTicks = 0;

  constructor(
    readonly runId: string,
    lastSeen: { eventId: string; at: string } | null,
  ) {
    this.from = null;
    if (lastSeen) {
      this.newest = BigInt(lastSeen.at);
      this.sent.set(lastSeen.eventId, this.newest);
      this.from = startOfWindow(this.newest);
    }
    this.readable.push('retry: 1000\n: connected\n\n');
  }

  /** False while the client does not take what it was sent. */
  get ready(): boolean {
    return this.readable.readableLength < BUFFERED_CHARS_MAX && !this.readable.destroyed;
  }

  /** Asked once a tick: how often in a row it was not ready. */
  cloggedForTicks(): number {
    this.cloggedTicks = this.ready ? 0 : this.cloggedTicks + 1;
    return this.cloggedTicks;
  }

  /** Where to read next. */
  get position(): { runId: string; from: EventPosition | null } {
    return { runId: this.runId, from: this.from };
  }

  /** Takes a page in its order; `more`: the page was full. Answers false when the stream has ended. */
  take(events: RunEventRow[], more: boolean): boolean {
    const fresh = events.filter((event) => !this.sent.has(event.eventId));
    if (fresh.length > 0) this.readable.push(fresh.map(frame).join(''));
    for (const event of fresh) this.remember(event);
    const last = events.at(-1);
    this.from = more && last ? last : startOfWindow(this.newest);
    this.forgetBeforeWindow();
    const ended = !more && last !== undefined && isFinalEvent(last.type);
    if (ended) this.readable.push(null);
    return !ended;
  }

  comment(text: string): void {
    if (this.ready) this.readable.push(`: ${text}\n\n`);
  }

  end(): void {
    this.readable.push(null);
  }

  private remember(event: RunEventRow): void {
    const at = BigInt(event.at);
    this.sent.set(event.eventId, at);
    if (at > this.newest) this.newest = at;
  }

  private forgetBeforeWindow(): void {
    const oldest = this.newest - WINDOW_MICROS;
    for (const [eventId, at] of this.sent) if (at < oldest) this.sent.delete(eventId);
  }
}

function isFinalEvent(type: string): boolean {
  return FINAL_TYPES.has(type);
}

function startOfWindow(newest: bigint): EventPosition | null {
  return newest === 0n ? null : { at: String(newest - WINDOW_MICROS), rank: -1, eventId: '' };
}

function frame(event: RunEventRow): string {
  const { eventId, runId, at, type, stepSlug, taskIndex, attempt, detail } = event;
  const data = { event_id: eventId, run_id: runId, at: isoOfMicros(at), type, step: stepSlug, task_index: taskIndex, attempt, detail };
  return `id: ${eventId}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
