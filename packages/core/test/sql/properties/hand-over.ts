// What complete_tasks may hand to the worker that reports, by the rules of the design: worked out beside the engine, before and after the call.
import assert from 'node:assert/strict';
import type { Claimed } from '@singularity-workflow/testkit';
import type { ModelRun } from './model.js';
import type { Trade } from './trades.js';

interface Ready {
  run: ModelRun;
  step: string;
}

const keyOf = (runId: string, step: string) => `${runId} ${step}`;
const queuedSteps = (run: ModelRun): Ready[] =>
  [...run.steps].filter(([, { tasks }]) => tasks.some(({ status }) => status === 'queued')).map(([step]) => ({ run, step }));

export class HandOver {
  private readonly before: Set<string>;
  private readonly lowestPriority: number;
  private readonly open: ModelRun[];

  /** Before the call: what is queued, and how urgent the most urgent of what waits for this worker is. */
  constructor(
    private readonly runs: readonly ModelRun[],
    private readonly trade: Trade,
    private readonly capacity: number,
    nowMs: number,
  ) {
    this.before = new Set(runs.flatMap(queuedSteps).map(({ run, step }) => keyOf(run.runId, step)));
    this.open = runs.filter(({ isFinal }) => !isFinal);
    const waiting = runs.filter((run) => run.claimable(nowMs).some(({ step }) => trade.reads(run.step(step).definition.queue!)));
    this.lowestPriority = Math.max(0, ...waiting.map(({ priority }) => priority));
  }

  /** After the call, once the model knows the reports: what was handed over is what may be, and as much as may be. */
  check(handed: readonly Claimed[]): void {
    const ready = this.runs.flatMap(queuedSteps).filter((one) => !this.before.has(keyOf(one.run.runId, one.step)) && this.isTakeable(one));
    const keys = new Set(ready.map(({ run, step }) => keyOf(run.runId, step)));
    const taken = new Set(handed.map(({ run_id, step_slug }) => keyOf(run_id, step_slug)));
    assert.equal(taken.size, handed.length, 'each step is handed over once');
    for (const key of taken) assert.ok(keys.has(key), `${key} was handed over and may not be`);
    const most = Math.min(this.capacity, ready.length);
    assert.ok(handed.length <= most, `${handed.length} were handed over, at most ${most} may be`);
    // What was set apart for a run that failed in the same call counts towards the capacity.
    if (!this.open.some(({ status }) => status === 'failed')) assert.equal(handed.length, most, 'as many as may be were handed over');
  }

  private isTakeable({ run, step }: Ready): boolean {
    const { kind, start_delay_ms = 0, queue } = run.step(step).definition;
    return (
      kind === 'single' &&
      start_delay_ms === 0 &&
      run.status === 'started' &&
      run.priority >= this.lowestPriority &&
      this.trade.reads(queue!) &&
      this.trade.runs(step)
    );
  }
}
