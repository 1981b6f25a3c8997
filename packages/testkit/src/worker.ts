// A worker as the SQL functions see one: an id that claims, reports and beats. No loop, no handler: the test decides every step.
import type { Caller } from './database.js';
import { json } from './connect.js';
import type { Abort, Answer, Claimed, Failure, HandOver, TaskRef } from './rows.js';

export interface CallOptions {
  readonly leaderToken?: number | null;
  /** Claims of which the worker holds nothing any more. */
  readonly settled?: readonly number[];
}

export interface ClaimOptions extends CallOptions {
  readonly queues?: string[];
  readonly capacity?: number;
}

export interface TakeOptions extends CallOptions {
  /** So many of the tasks that become ready may be handed over. */
  readonly capacity?: number;
}

type Result = readonly [task: TaskRef, output: unknown];

const refOf = ({ run_id, step_slug, task_index, attempt }: TaskRef): TaskRef => ({ run_id, step_slug, task_index, attempt });

export class TestWorker {
  constructor(
    readonly id: string,
    private readonly caller: Caller,
  ) {}

  /** The same worker speaking through a session or a role. */
  using(caller: Caller): TestWorker {
    return new TestWorker(this.id, caller);
  }

  claim({ queues = ['default'], capacity = 100, leaderToken = null, settled = [] }: ClaimOptions = {}): Promise<Claimed[]> {
    return this.caller.call<Claimed>('start_tasks', [this.id, queues, capacity, leaderToken, settled]);
  }

  /** Claims what there is and answers the one task; anything else is a failure of the test's own story. */
  async claimOne(options: ClaimOptions = {}): Promise<Claimed> {
    const tasks = await this.claim(options);
    if (tasks.length !== 1) throw new Error(`expected to claim one task, got ${tasks.length}: ${JSON.stringify(tasks.map(refOf))}`);
    return tasks[0]!;
  }

  /** Reports only: whatever becomes ready goes to its queue. */
  async complete(task: TaskRef, output: unknown = null): Promise<Answer> {
    return (await this.completeAll([[task, output]]))[0]!;
  }

  async completeAll(results: readonly Result[]): Promise<Answer[]> {
    return (await this.completeAndTake(results, { capacity: 0 })).answers;
  }

  /** Reports, and takes over what becomes ready. */
  async completeAndTake(results: readonly Result[], options: TakeOptions = {}): Promise<HandOver> {
    const { capacity = 100, leaderToken = null, settled = [] } = options;
    const elements = results.map(([task, output]) => ({ ...refOf(task), output }));
    const rows = await this.caller.call<Answer & Claimed>('complete_tasks', [this.id, json(elements), capacity, leaderToken, settled]);
    return { answers: rows.filter(({ ordinal }) => ordinal !== null), handed: rows.filter(({ ordinal }) => ordinal === null) };
  }

  async fail(task: TaskRef, failure: Failure = {}): Promise<Answer> {
    return (await this.failAll([[task, failure]]))[0]!;
  }

  failAll(failures: readonly (readonly [TaskRef, Failure])[]): Promise<Answer[]> {
    const elements = failures.map(([task, { code = 'handler_failed', message = 'boom', ...rest }]) => ({
      ...refOf(task),
      error: { code, message },
      ...rest,
    }));
    return this.caller.call<Answer>('fail_tasks', [this.id, json(elements)]);
  }

  async release(task: TaskRef, reason: 'drain' | 'handler_missing' | 'aborted' = 'drain'): Promise<Answer> {
    return (await this.releaseAll([[task, reason]]))[0]!;
  }

  releaseAll(tasks: readonly (readonly [TaskRef, string])[]): Promise<Answer[]> {
    return this.caller.call<Answer>('release_tasks', [this.id, json(tasks.map(([task, reason]) => ({ ...refOf(task), reason })))]);
  }

  async heartbeat(
    inFlight: readonly TaskRef[] = [],
    { leaderToken = null, settled = [] }: CallOptions = {},
  ): Promise<{ state: string; aborts: Abort[] }> {
    const args = [this.id, json(inFlight.map(refOf)), leaderToken, settled];
    return (await this.caller.call<{ state: string; aborts: Abort[] }>('heartbeat', args))[0]!;
  }
}
