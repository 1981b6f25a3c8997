// A worker as the SQL functions see one: an id that claims, reports and beats. No loop, no handler: the test decides every step.
import type { Caller } from './database.js';
import { json } from './connect.js';
import type { Abort, Answer, Claimed, Failure, TaskRef } from './rows.js';

export interface ClaimOptions {
  readonly queues?: string[];
  readonly capacity?: number;
  readonly leaderToken?: number | null;
}

const refOf = ({ run_id, step_slug, task_index, attempt, message_id, queue }: TaskRef): TaskRef => ({
  run_id,
  step_slug,
  task_index,
  attempt,
  message_id,
  queue,
});

export class TestWorker {
  constructor(
    readonly id: string,
    private readonly caller: Caller,
  ) {}

  /** The same worker speaking through a session or a role. */
  using(caller: Caller): TestWorker {
    return new TestWorker(this.id, caller);
  }

  claim({ queues = ['default'], capacity = 100, leaderToken = null }: ClaimOptions = {}): Promise<Claimed[]> {
    return this.caller.call<Claimed>('start_tasks', [this.id, queues, capacity, leaderToken]);
  }

  /** Claims what there is and answers the one task; anything else is a failure of the test's own story. */
  async claimOne(options: ClaimOptions = {}): Promise<Claimed> {
    const tasks = await this.claim(options);
    if (tasks.length !== 1) throw new Error(`expected to claim one task, got ${tasks.length}: ${JSON.stringify(tasks.map(refOf))}`);
    return tasks[0]!;
  }

  async complete(task: TaskRef, output: unknown = null): Promise<Answer> {
    return (await this.completeAll([[task, output]]))[0]!;
  }

  completeAll(results: readonly (readonly [TaskRef, unknown])[]): Promise<Answer[]> {
    const elements = results.map(([task, output]) => ({ ...refOf(task), output }));
    return this.caller.call<Answer>('complete_tasks', [this.id, json(elements)]);
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

  async heartbeat(inFlight: readonly TaskRef[] = [], leaderToken: number | null = null): Promise<{ state: string; aborts: Abort[] }> {
    const rows = await this.caller.call<{ state: string; aborts: Abort[] }>('heartbeat', [this.id, json(inFlight.map(refOf)), leaderToken]);
    return rows[0]!;
  }
}
