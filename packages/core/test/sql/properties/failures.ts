// What the model must be told of failed attempts: when the engine tries them again, read from the rows and judged by the rule.
import assert from 'node:assert/strict';
import type { TestDatabase } from '@singularity-workflow/testkit';
import type { Pick } from './arbitraries.js';
import type { Given } from './books.js';
import type { Failed } from './model.js';
import { failureOf, isRetryTime, nameOf } from './reports.js';

export type Picked = [Given, Pick];

export function failuresOf(db: TestDatabase, own: readonly Picked[], nowMs: number): Promise<Failed[]> {
  return Promise.all(
    own.map(async ([given, pick]) => {
      const { retryable = true } = failureOf(pick);
      const { definition, tasks } = given.run.step(given.step);
      const failures = tasks[given.index]!.failures + 1;
      const retryAtMs = await availableAtMs(db, given);
      if (retryable && failures < definition.max_attempts! && retryAtMs > nowMs - 1) {
        const isRule = isRetryTime(given, pick, retryAtMs - nowMs);
        const { status } = await db.make.task(given.run.runId, given.step, given.index);
        // A run that ended with this call leaves the time as it was.
        assert.ok(isRule || status !== 'queued', `${nameOf(given)} waits ${retryAtMs - nowMs} ms`);
      }
      return { ...given, retryable, retryAtMs, code: 'handler_failed' };
    }),
  );
}

async function availableAtMs(db: TestDatabase, { run, step, index }: Given): Promise<number> {
  const [row] = await db.sql<{ at: string }>(
    'select (extract(epoch from available_at) * 1000)::text as at from workflow.step_tasks where run_id = $1 and step_slug = $2 and task_index = $3',
    [run.runId, step, index],
  );
  return Number(row!.at);
}
