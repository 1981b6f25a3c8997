// A hot call as it is watched: what comes before it, and the call itself. All of it happens in one transaction that is taken back.
import { json, TestWorker, type Claimed, type TaskRef } from '@singularity-workflow/testkit';
import type { Filled } from './filled.js';
import type { WatchedSession } from './watched.js';

/** The database is too small for the story. */
export class NothingLeft extends Error {}

const BATCH_MAX = 1_000;

export class Scene {
  readonly worker: TestWorker;
  readonly schedulerToken: number;

  constructor(
    readonly session: WatchedSession,
    filled: Filled,
  ) {
    const caller = {
      sql: <T extends object>(text: string, values?: unknown[]) => session.sql<T>(text, values),
      call: <T extends object>(fn: string, args: unknown[] = []) => this.call<T>(fn, ...args),
    };
    this.worker = filled.worker.using(caller);
    this.schedulerToken = filled.schedulerToken;
  }

  call<T extends object>(fn: string, ...args: unknown[]): Promise<T[]> {
    return this.session.sql<T>(`select * from workflow.${fn}(${args.map((_, i) => `$${i + 1}`).join(', ')})`, args);
  }

  /** Takes tasks of the queue as many calls of 100 would. */
  async hold(queue: string, count: number): Promise<Claimed[]> {
    const held: Claimed[] = [];
    while (held.length < count) {
      const some = await this.worker.claim({ queues: [queue], capacity: Math.min(100, count - held.length) });
      if (some.length === 0) throw new NothingLeft(`${queue} has only ${held.length} of ${count} tasks`);
      held.push(...some);
    }
    return held;
  }

  /** Nothing waits there any more, so that what comes next is what is claimed next, and nothing more urgent forbids a hand-over. */
  async empty(queue: string): Promise<void> {
    await this.session.sql(`truncate pgmq.q_${queue}_p0, pgmq.q_${queue}_p1, pgmq.q_${queue}_p2`);
  }

  /** Completes these and holds `count` of the tasks that become ready. */
  async follow(queue: string, tasks: readonly TaskRef[], options: { output?: unknown; count?: number } = {}): Promise<Claimed[]> {
    const { output = 1, count = tasks.length } = options;
    await this.empty(queue);
    for (let from = 0; from < tasks.length; from += BATCH_MAX) {
      await this.worker.completeAll(tasks.slice(from, from + BATCH_MAX).map((task) => [task, output]));
    }
    return this.hold(queue, count);
  }

  /** Tasks of one map that is larger still. */
  async parts(count: number): Promise<Claimed[]> {
    return this.follow('fan', await this.hold('fan', 1), { output: Array.from({ length: count + 1 }, (_, i) => i), count });
  }

  async runIds(where: string, count: number): Promise<string[]> {
    const rows = await this.session.sql<{ run_id: string }>(
      `select r.run_id from workflow.workflow_runs r where ${where} order by r.run_id desc limit $1`,
      [count],
    );
    if (rows.length < count) throw new NothingLeft(`only ${rows.length} of ${count} runs where ${where}`);
    return rows.map(({ run_id }) => run_id);
  }

  report(fn: 'complete_tasks' | 'fail_tasks' | 'release_tasks', tasks: readonly TaskRef[], rest: object): () => Promise<unknown> {
    const reports = tasks.map(({ run_id, step_slug, task_index, attempt }) => ({ run_id, step_slug, task_index, attempt, ...rest }));
    return () => this.call(fn, this.worker.id, json(reports));
  }
}

/** Prepares on the scene and answers the call that is watched, about `count` elements. */
export interface Story {
  readonly name: string;
  /** It is about one thing, whatever the count. */
  readonly single?: true;
  readonly prepare: (scene: Scene, count: number) => Promise<() => Promise<unknown>>;
}
