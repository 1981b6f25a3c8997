// What operators do in a random story: pause, resume, cancel, retry. The model tells what the engine must answer.
import assert from 'node:assert/strict';
import type { TestDatabase } from '@singularity-workflow/testkit';
import type { From, Order } from './arbitraries.js';
import type { ModelRun } from './model.js';

type Operation = Extract<Order, { run: number }>;

export class Operators {
  constructor(
    private readonly db: TestDatabase,
    private readonly runs: readonly ModelRun[],
    private readonly seen: Set<string>,
  ) {}

  async obey(order: Operation, nowMs: number): Promise<void> {
    const run = this.affected(order);
    const from = order.do === 'retry' ? this.fromOf(run, order.from) : null;
    const calls = {
      pause: () => this.db.call('pause_run', [run.runId]),
      resume: () => this.db.call('resume_run', [run.runId]),
      cancel: () => this.db.call('cancel_runs', [[run.runId]]),
      retry: () => this.db.call('retry_run', [run.runId, ...(typeof from === 'object' ? ['step', from!.step] : [from, null])]),
    };
    const code = await calls[order.do]().then(
      () => null,
      (error: { code: string }) => error.code,
    );
    if (order.do === 'pause' || order.do === 'resume') {
      assert.equal(code, run.isFinal ? 'WF205' : null);
      if (!run.isFinal) run.status = order.do === 'pause' ? 'paused' : 'started';
    } else if (order.do === 'cancel') {
      assert.equal(code, null);
      if (!run.isFinal) run.cancel();
    } else {
      const mayRetry = run.status === 'failed' || run.status === 'cancelled';
      assert.equal(code, mayRetry ? null : 'WF213');
      if (mayRetry) run.retry(from!, nowMs);
      if (mayRetry) this.seen.add(`retried from ${typeof from === 'object' ? 'a step' : from}`);
    }
  }

  /** The n-th run that the order would change; where there is none, the n-th of all: it must say no. */
  private affected({ do: how, run: index }: Operation): ModelRun {
    const isAffected = (run: ModelRun) =>
      how === 'retry' ? run.status === 'failed' || run.status === 'cancelled' : how === 'resume' ? run.status === 'paused' : !run.isFinal;
    const affected = index % 4 === 0 ? [] : this.runs.filter(isAffected);
    const from = affected.length > 0 ? affected : this.runs;
    return from[index % from.length]!;
  }

  private fromOf(run: ModelRun, from: From): 'failed' | 'start' | { step: string } {
    const slugs = [...run.steps.keys()];
    return typeof from === 'number' ? { step: slugs[from % slugs.length]! } : from;
  }
}
