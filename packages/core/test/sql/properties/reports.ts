// What workers say in a random story: which output, which failure, and how long the engine must wait after it.
import type { Failure } from '@singularity-workflow/testkit';
import type { Pick } from './arbitraries.js';
import type { Given } from './books.js';

export const nameOf = ({ run, step, index, attempt, worker }: Given): string =>
  `${run.runId} ${step}[${index}] attempt ${attempt} by ${worker}`;

/** Mostly what the dependents can live with; now and then something that a map cannot. */
export function outputOf({ run, step, index }: Given, { variant }: Pick): unknown {
  const elements = Array.from({ length: variant % 4 }, (_, i) => [index * 10 + i, null, { i }, [i]][(variant + i) % 4]);
  if (variant > 94) return [null, 'text', 5, { found: { here: null } }, {}][variant - 95];
  const overPath = [...run.steps.values()].some(({ definition }) => definition.over === `${step}.found.here`);
  const overAll = [...run.steps.values()].some(({ definition }) => definition.over === step);
  if (overPath && !(overAll && variant % 2 === 0)) return { found: { here: elements }, there: variant };
  return overAll || variant % 3 > 0 ? elements : { variant };
}

export function failureOf({ variant }: Pick): Failure {
  return { ...(variant % 4 === 0 ? { retryable: false } : {}), ...(variant % 5 === 0 ? { retry_after_ms: 3_000 } : {}) };
}

/** The rule: the handler's own delay as it is, or base doubled with each failure up to the maximum, and up to a tenth on top. */
export function isRetryTime({ run, step, index }: Given, pick: Pick, waitsMs: number): boolean {
  const { definition, tasks } = run.step(step);
  const { retry_after_ms: after } = failureOf(pick);
  const baseMs = after ?? Math.min(definition.max_delay_ms!, definition.base_delay_ms! * 2 ** tasks[index]!.failures);
  const mostMs = after ?? baseMs * 1.1;
  return waitsMs >= baseMs - 0.002 && waitsMs <= mostMs + 0.002; // a double holds microseconds of today to a thousandth of a millisecond
}
