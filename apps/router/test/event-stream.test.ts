import type { RunEventRow } from '@singularity-workflow/core';
import { EventStream } from '../src/events/event-stream.js';

const START = 1_800_000_000_000_000;

const event = (id: string, atMs: number, type = 'task_started', detail: unknown = {}): RunEventRow => ({
  runId: 'run',
  eventId: id,
  at: String(START + atMs * 1_000),
  rank: 1,
  type,
  stepSlug: 'step',
  taskIndex: 0,
  attempt: 1,
  detail: detail as RunEventRow['detail'],
});

const idsIn = (stream: EventStream): string[] =>
  [...String(stream.readable.read() ?? '').matchAll(/^id: (.*)$/gm)].map((match) => match[1]!);

describe('a stream of events', () => {
  it('sends what is new in the window, wherever it stands in it', () => {
    const stream = new EventStream('run', null);
    stream.take([event('a', 0), event('c', 2_000)], false);
    stream.take([event('a', 0), event('b', 1_000), event('c', 2_000), event('d', 3_000)], false);
    expect(idsIn(stream)).toEqual(['a', 'c', 'b', 'd']);
  });

  it('reads from the beginning of the window on, and after a full page right behind it', () => {
    const stream = new EventStream('run', null);
    expect(stream.position.from).toBeNull();
    stream.take([event('a', 0)], true);
    expect(stream.position.from).toMatchObject({ at: String(START), eventId: 'a' });
    stream.take([event('b', 9_000)], false);
    expect(stream.position.from).toEqual({ at: String(START + 4_000_000), rank: -1, eventId: '' });
  });

  it('ends after the last event of the run, not before the page that has it is complete', () => {
    const stream = new EventStream('run', null);
    expect(stream.take([event('z', 0, 'run_completed')], true)).toBe(true);
    expect(stream.take([event('z', 0, 'run_completed')], false)).toBe(false);
  });

  it('tells the time of an event to the microsecond', () => {
    const stream = new EventStream('run', null);
    stream.take([{ ...event('a', 0), at: '1800000000123456' }], false);
    expect(String(stream.readable.read())).toContain('"at":"2027-01-15T08:00:00.123456Z"');
  });

  it('takes no more while the client does not read, and counts for how long', () => {
    const stream = new EventStream('run', null);
    stream.take([event('big', 0, 'attempt_failed', 'x'.repeat(300_000))], false);
    expect([stream.ready, stream.cloggedForTicks(), stream.cloggedForTicks()]).toEqual([false, 1, 2]);
    expect(idsIn(stream)).toEqual(['big']);
    expect([stream.ready, stream.cloggedForTicks()]).toEqual([true, 0]);
  });

  it('keeps the connection alive with comments', () => {
    const stream = new EventStream('run', null);
    stream.comment('heartbeat');
    expect(String(stream.readable.read())).toBe('retry: 1000\n: connected\n\n: heartbeat\n\n');
  });
});
