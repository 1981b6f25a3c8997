// The events of a run as they happen, over Server-Sent Events. A connection that breaks, or says nothing for SILENCE_MS (the server sends a
// comment at least every 15 s), is opened again after the last event that came. The server may send an event twice: it is passed on once.
//
// Limits: RECONNECTS_MAX vain connections in a row; REMEMBERED_IDS ids.
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { WorkflowApiError } from './errors.js';
import { pause, pauseMsAfter, type Transport } from './transport.js';
import type { RunEvent } from './types.js';

export interface EventsOptions {
  /** Begin after this event. Default: from the start of the run. */
  readonly after?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const SILENCE_MS = 45_000;
const RECONNECTS_MAX = 20;
const REMEMBERED_IDS = 10_000;
const FINAL_TYPES: ReadonlySet<string> = new Set(['run_completed', 'run_failed', 'run_cancelled']);
const PASSING_STATUSES: ReadonlySet<number> = new Set([0, 429, 502, 503, 504]);

/** Ends after the event that ends the run. Throws WorkflowApiError, or the signal's reason. */
export async function* runEvents(
  transport: Transport,
  runId: string,
  { after, signal }: EventsOptions,
): AsyncGenerator<RunEvent, void, void> {
  const seen = new Set<string>();
  let last = after;
  for (let failures = 1; ; failures += 1) {
    const silence = new AbortController();
    try {
      const response = await open(transport, runId, { after: last, signal: eitherOf(signal, silence.signal) });
      if (response.status === 204) return; // ended, and `last` was its last event
      for await (const { id, data } of messagesOf(response, silence)) {
        if (id === undefined || seen.has(id)) continue;
        const event = JSON.parse(data) as RunEvent;
        failures = 0;
        last = id;
        remember(seen, id);
        yield event;
        if (FINAL_TYPES.has(event.type)) return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof WorkflowApiError && !PASSING_STATUSES.has(error.status)) throw error;
      if (failures >= RECONNECTS_MAX) throw error;
    } finally {
      silence.abort();
    }
    if (failures >= RECONNECTS_MAX) throw endless(runId);
    await pause(pauseMsAfter(Math.max(1, failures)), signal);
  }
}

function open(transport: Transport, runId: string, { after, signal }: EventsOptions): Promise<Response> {
  return transport.open({
    method: 'GET',
    path: `workflows/${encodeURIComponent(runId)}/events`,
    headers: { accept: 'text/event-stream', ...(after !== undefined && { 'last-event-id': after }) },
    signal,
  });
}

async function* messagesOf(response: Response, silence: AbortController): AsyncGenerator<EventSourceMessage, void, void> {
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => arrived.push(message) });
  const decoder = new TextDecoder();
  const timer = setTimeout(() => silence.abort(new Error(`no sign of life for ${SILENCE_MS} ms`)), SILENCE_MS);
  try {
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
      yield* arrived.splice(0);
    }
  } finally {
    clearTimeout(timer);
  }
}

function eitherOf(one: AbortSignal | undefined, other: AbortSignal): AbortSignal {
  return one === undefined ? other : AbortSignal.any([one, other]);
}

function endless(runId: string): WorkflowApiError {
  const detail = `the event stream of run ${runId} ended ${RECONNECTS_MAX} times without an event`;
  return new WorkflowApiError({ status: 0, code: 'unreachable', detail });
}

function remember(seen: Set<string>, id: string): void {
  seen.add(id);
  if (seen.size <= REMEMBERED_IDS) return;
  const [oldest] = seen;
  seen.delete(oldest as string);
}
