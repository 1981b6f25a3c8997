// All event streams of this process, fed by one poller: one query for every stream that can take more.
// Limits: STREAMS_MAX streams; PAGE_EVENTS events of a run at a time. Nobody polls while no stream is open.
//
// Late commits: a transaction gets its time before it commits, so an event may appear behind others that were sent. Every read goes back
// over a window and sends what is new in it. Parents before children: an event is visible together with its causes, and the order of one
// read is that of (time, rank).
import { Loop } from '@singularity-workflow/core';
import type { Logger, RunReader } from '@singularity-workflow/core';
import { Refusal } from '../wire/refusal.js';
import { EventStream } from './event-stream.js';

export const STREAMS_MAX = 200;
const POLL_INTERVAL_MS = 200;
const HEARTBEAT_TICKS = 75;
const PAGE_EVENTS = 2_000;
const STREAMS_PER_READ = 20;
/** A client that took nothing for so many ticks is let go; it comes back with its Last-Event-ID. */
const CLOGGED_TICKS_MAX = 300;

export class EventFeed {
  private readonly streams = new Set<EventStream>();
  private readonly loop: Loop;
  private ticks = 0;
  private closed = false;

  constructor(
    private readonly runs: Pick<RunReader, 'events'>,
    logger: Logger,
  ) {
    this.loop = new Loop({ name: 'event-feed', intervalMs: POLL_INTERVAL_MS, tick: () => this.tick(), logger });
    this.loop.start();
  }

  open(runId: string, lastSeen: { eventId: string; at: string } | null): EventStream {
    if (this.closed) throw new Refusal('draining', 'This process is stopping.');
    if (this.streams.size >= STREAMS_MAX) {
      throw new Refusal('too_many_streams', `${STREAMS_MAX} event streams are open already.`, { facts: { streams_max: STREAMS_MAX } });
    }
    const stream = new EventStream(runId, lastSeen);
    this.streams.add(stream);
    stream.readable.once('close', () => this.streams.delete(stream));
    this.loop.wake();
    return stream;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const stream of this.streams) stream.end();
    this.streams.clear();
    await this.loop.stop();
  }

  private async tick(): Promise<'more' | 'idle'> {
    if (++this.ticks % HEARTBEAT_TICKS === 0) for (const stream of this.streams) stream.comment('heartbeat');
    let more = false;
    const ready = [...this.streams].filter((stream) => stream.ready);
    for (const stream of this.streams) if (stream.cloggedForTicks() > CLOGGED_TICKS_MAX) stream.readable.destroy();
    for (let i = 0; i < ready.length; i += STREAMS_PER_READ) {
      if (await this.read(ready.slice(i, i + STREAMS_PER_READ))) more = true;
    }
    return more ? 'more' : 'idle';
  }

  /** True when a stream has more to read at once. */
  private async read(streams: EventStream[]): Promise<boolean> {
    const reads = streams.map((stream) => stream.position);
    const pages = await this.runs.events({ reads, limit: PAGE_EVENTS });
    let more = false;
    streams.forEach((stream, index) => {
      const events = pages[index] ?? [];
      const full = events.length === PAGE_EVENTS;
      if (!stream.take(events, full)) this.streams.delete(stream);
      else if (full) more = true;
    });
    return more;
  }
}
