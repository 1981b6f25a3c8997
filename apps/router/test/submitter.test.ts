import { type StartRunRequest, type StartRunRow, WorkflowError } from '@singularity-workflow/core';
import { Submitter } from '../src/runs/submitter.js';

const request = (workflow: string): StartRunRequest => ({ tenantId: 't', workflow });

function created(requests: readonly StartRunRequest[]): StartRunRow[] {
  return requests.map(({ workflow }, index) => ({
    ordinal: index + 1,
    outcome: 'created',
    runId: workflow,
    status: 'started',
    code: null,
    message: null,
    field: null,
    queues: null,
    durability: 'local',
  }));
}

/** A store whose calls are answered one by one, by hand. */
function slowStore() {
  const calls: { size: number; answer(error?: Error): void }[] = [];
  let called: () => void = () => undefined;
  const start = (requests: StartRunRequest[]): Promise<StartRunRow[]> =>
    new Promise((resolve, reject) => {
      calls.push({ size: requests.length, answer: (error) => (error ? reject(error) : resolve(created(requests))) });
      called();
    });
  const nextCall = (count: number): Promise<void> =>
    new Promise((resolve) => {
      called = () => calls.length >= count && resolve();
      called();
    });
  return { start, calls, nextCall };
}

describe('the submitter', () => {
  it('sends at once when idle, and gathers what comes while a call is in flight', async () => {
    const { start, calls, nextCall } = slowStore();
    const submitter = new Submitter({ start, windowMs: 2, batchMax: 500 });
    const first = submitter.submit(request('first'), 100);
    await nextCall(1);
    const others = ['a', 'b', 'c'].map((workflow) => submitter.submit(request(workflow), 100));
    calls[0]!.answer();
    await nextCall(2);
    calls[1]!.answer();
    expect((await first).runId).toBe('first');
    expect((await Promise.all(others)).map((row) => row.runId)).toEqual(['a', 'b', 'c']);
    expect(calls.map((call) => call.size)).toEqual([1, 3]);
  });

  it('splits what waits into calls of at most the maximum', async () => {
    const sizes: number[] = [];
    const submitter = new Submitter({
      start: (requests) => {
        sizes.push(requests.length);
        return Promise.resolve(created(requests));
      },
      windowMs: 0,
      batchMax: 2,
    });
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((workflow) => submitter.submit(request(workflow), 100)));
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('does not let one submission that the database cannot take fail its neighbours', async () => {
    const start = (requests: StartRunRequest[]): Promise<StartRunRow[]> =>
      requests.some(({ workflow }) => workflow === 'poison')
        ? Promise.reject(new WorkflowError('invalid_request', 'unstorable'))
        : Promise.resolve(created(requests));
    const submitter = new Submitter({ start, windowMs: 2, batchMax: 500 });
    const answers = await Promise.allSettled(['a', 'poison', 'b', 'c'].map((workflow) => submitter.submit(request(workflow), 100)));
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('repeats nothing where the outcome of a call is not known', async () => {
    let calls = 0;
    const start = (): Promise<StartRunRow[]> => {
      calls++;
      return Promise.reject(new WorkflowError('database_unavailable', 'gone'));
    };
    const submitter = new Submitter({ start, windowMs: 2, batchMax: 500 });
    const answers = await Promise.allSettled(['a', 'b'].map((workflow) => submitter.submit(request(workflow), 100)));
    expect(answers.every((answer) => answer.status === 'rejected')).toBe(true);
    expect(calls).toBe(1);
  });

  it('refuses by name what would have to wait in too much memory', async () => {
    const { start, calls, nextCall } = slowStore();
    const submitter = new Submitter({ start, windowMs: 2, batchMax: 500 });
    const first = submitter.submit(request('first'), 1);
    await nextCall(1);
    const waiting = submitter.submit(request('waiting'), 60 * 1_048_576);
    await expect(submitter.submit(request('too much'), 5 * 1_048_576)).rejects.toMatchObject({ code: 'too_many_submissions' });
    calls[0]!.answer();
    await nextCall(2);
    calls[1]!.answer();
    await Promise.all([first, waiting]);
  });
});
