// When reports are sent, and what happens to those that are not taken. `send` stands for the database's function; the outage tests have the real one.
import { silentLogger, WorkflowError, type ClaimedTask } from '@singularity-workflow/core';
import { waitFor } from '@singularity-workflow/testkit';
import { Attempt } from '../../src/executor/attempt.js';
import { ReportLane, type Answer, type LaneOptions, type Report } from '../../src/executor/report-lane.js';
import { HeldClaim } from '../../src/executor/settled-claims.js';
import { gate } from './support.js';

const report = (n: number, workerId = 'w'): Report => ({
  kind: 'complete',
  attempt: new Attempt({} as ClaimedTask, new HeldClaim(workerId, 1)),
  text: `{"n":${n}}`,
});
const numbersIn = (elements: string): number[] => (JSON.parse(elements) as { n: number }[]).map(({ n }) => n);
const accepted = (elements: string): Answer => ({
  rows: numbersIn(elements).map((_, index) => ({ ordinal: index + 1, verdict: 'accepted', queues: null })),
  handed: [],
});

function laneWith(options: Partial<LaneOptions>): { lane: ReportLane; sent: { workerId: string; numbers: number[] }[]; poison: string[] } {
  const sent: { workerId: string; numbers: number[] }[] = [];
  const poison: string[] = [];
  const send = options.send ?? (async (_: readonly Report[], elements: string) => accepted(elements));
  const lane = new ReportLane({
    kind: 'complete',
    flushSize: 3,
    flushIntervalMs: 5,
    callsMax: 1,
    logger: silentLogger,
    isIdle: () => false,
    onAnswer: () => undefined,
    onPoison: ({ text }) => poison.push(text),
    ...options,
    send: (reports, elements) => {
      sent.push({ workerId: reports[0]!.attempt.workerId, numbers: numbersIn(elements) });
      return send(reports, elements);
    },
  });
  return { lane, sent, poison };
}

it('sends at once when nothing else is under way', () => {
  const { lane, sent } = laneWith({ isIdle: () => true });
  lane.add(report(1));
  expect(sent).toEqual([{ workerId: 'w', numbers: [1] }]);
});

it('sends at once when a batch is full, and after the interval when it is not', async () => {
  const { lane, sent } = laneWith({});
  for (const n of [1, 2, 3, 4]) lane.add(report(n));
  expect(sent.map(({ numbers }) => numbers)).toEqual([[1, 2, 3]]);
  await waitFor(() => sent.length === 2, { until: 'the rest was sent' });
  expect(sent[1]?.numbers).toEqual([4]);
});

it('sends after a quiet time what ends in one turn of the event loop, without a wait for more', async () => {
  const { lane, sent } = laneWith({ flushIntervalMs: 1_000 });
  for (const n of [1, 2]) lane.add(report(n));
  expect(sent).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent.map(({ numbers }) => numbers)).toEqual([[1, 2]]);
});

it('lets an outcome wait for others soon after the last answer', async () => {
  const { lane, sent } = laneWith({ flushIntervalMs: 1_000 });
  for (const n of [1, 2, 3]) lane.add(report(n));
  await waitFor(() => lane.size === 0, { until: 'the first batch was answered' });
  lane.add(report(4));
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toHaveLength(1);
  lane.flush();
  expect(sent.map(({ numbers }) => numbers)).toEqual([[1, 2, 3], [4]]);
});

it('has one call in flight; the next batch collects meanwhile', async () => {
  const answered = gate();
  const { lane, sent } = laneWith({
    send: async (_, elements) => {
      await answered.promise;
      return accepted(elements);
    },
  });
  for (const n of [1, 2, 3, 4, 5, 6, 7]) lane.add(report(n));
  expect(sent).toHaveLength(1);
  expect(lane.size).toBe(7);
  answered.open();
  await waitFor(() => lane.size === 0, { until: 'all were answered' });
  expect(sent.map(({ numbers }) => numbers)).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
});

it('has a second call where it may, for a full batch that collects meanwhile', async () => {
  const answers = [gate(), gate()];
  let calls = 0;
  const { lane, sent } = laneWith({
    callsMax: 2,
    send: async (_, elements) => {
      await answers[calls++]?.promise;
      return accepted(elements);
    },
  });
  for (const n of [1, 2, 3, 4, 5]) lane.add(report(n));
  expect(sent.map(({ numbers }) => numbers)).toEqual([[1, 2, 3]]);
  for (const n of [6, 7, 8]) lane.add(report(n));
  expect(sent.map(({ numbers }) => numbers)).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(lane.size).toBe(8);
  answers[1]!.open(); // its caller has no full batch, and leaves the rest to the other
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toHaveLength(2);
  answers[0]!.open();
  await waitFor(() => lane.size === 0, { until: 'all were answered' });
  expect(sent.map(({ numbers }) => numbers)).toEqual([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8],
  ]);
});

it('has one call at a time while the database is away', async () => {
  let away = true;
  const { lane, sent } = laneWith({
    callsMax: 2,
    send: async (_, elements) => {
      if (away) throw new WorkflowError('database_unavailable', 'away');
      return accepted(elements);
    },
  });
  for (const n of [1, 2, 3]) lane.add(report(n));
  await waitFor(() => lane.isFailing, { until: 'the first try has failed' });
  const tried = sent.length;
  for (const n of [4, 5, 6]) lane.add(report(n));
  expect(sent).toHaveLength(tried);
  away = false;
  lane.retryNow();
  await waitFor(() => lane.size === 0, { until: 'it was answered' });
  expect(sent.at(-1)?.numbers).toEqual([4, 5, 6]);
});

it('never mixes reports of two workers in one call', async () => {
  const { lane, sent } = laneWith({});
  lane.add(report(1, 'former'));
  lane.add(report(2, 'former'));
  lane.add(report(3, 'new'));
  await waitFor(() => lane.size === 0, { until: 'all were answered' });
  expect(sent).toEqual([
    { workerId: 'former', numbers: [1, 2] },
    { workerId: 'new', numbers: [3] },
  ]);
});

it('sends the same batch again until it is answered, and earlier when somebody knows that the database is back', async () => {
  let failures = 2;
  const { lane, sent } = laneWith({
    send: async (_, elements) => {
      if ((failures -= 1) >= 0) throw new WorkflowError('database_unavailable', 'away');
      return accepted(elements);
    },
  });
  for (const n of [1, 2, 3]) lane.add(report(n));
  await waitFor(() => lane.isFailing, { until: 'the first try has failed' });
  lane.retryNow();
  await waitFor(() => lane.size === 0, { until: 'it was answered' });
  expect(sent.map(({ numbers }) => numbers)).toEqual([
    [1, 2, 3],
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(lane.isFailing).toBe(false);
});

it('takes a batch apart that is refused for a value in it, so that only that one fails', async () => {
  const { lane, sent, poison } = laneWith({
    send: async (_, elements) => {
      if (numbersIn(elements).includes(2)) throw new WorkflowError('invalid_request', 'cannot be stored', { facts: { sqlstate: '22P05' } });
      return accepted(elements);
    },
  });
  for (const n of [1, 2, 3, 4]) lane.add(report(n));
  await waitFor(() => lane.size === 0, { until: 'all were answered or refused' });
  expect(sent.map(({ numbers }) => numbers)).toEqual([[1, 2, 3], [1], [2], [3], [4]]);
  expect(poison).toEqual(['{"n":2}']);
});

it('says what it has not reported when it is closed', async () => {
  const { lane } = laneWith({ send: () => Promise.reject(new WorkflowError('database_unavailable', 'away')) });
  for (const n of [1, 2, 3, 4]) lane.add(report(n));
  await waitFor(() => lane.isFailing, { until: 'the first try has failed' });
  expect(lane.close()).toBe(4);
});
