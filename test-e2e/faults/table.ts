// The result for people: a row for each fault, and one for each of several things that it measured.
import Table from 'cli-table3';
import type { Result, ScenarioResult } from './result.js';

/** Nearest rank: a time that was measured; `percent` above 0. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.ceil((sorted.length * percent) / 100) - 1];
  if (found === undefined) throw new RangeError('no value, no percentile');
  return found;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** A time beyond the bound is marked. */
function times(values: readonly number[], boundMs: number | null): string[] {
  if (values.length === 0) return ['', '', ''];
  return [percentile(values, 50), percentile(values, 95), Math.max(...values)].map(
    (ms) => `${seconds(ms)}${boundMs !== null && ms > boundMs ? ' !' : ''}`,
  );
}

export function tableOf({ scenarios }: Pick<Result, 'scenarios'>): string {
  const table = new Table({
    head: ['fault', 'tries', 'violations', 'p50', 'p95', 'max', 'bound', 'measured'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const [name, result] of Object.entries(scenarios)) table.push(...rowsOf(name, result));
  return table.toString();
}

function rowsOf(name: string, { tries, violations, recoveryMs, skipped, ...about }: ScenarioResult): string[][] {
  const { boundMs, measured, partsMs, failures } = about;
  if (skipped !== undefined) return [[name, '0', '', '', '', '', '', `skipped: ${skipped}`]];
  const troubles = failures.length === 0 ? `${violations}` : `${violations}, ${failures.length} failed`;
  const bound = boundMs === null ? '' : seconds(boundMs);
  const parts = Object.entries(partsMs);
  const whole = [name, `${tries}`, troubles, ...times(recoveryMs, boundMs), bound, measured];
  return [whole, ...(parts.length < 2 ? [] : parts.map(([part, ms]) => [`  ${part}`, '', '', ...times(ms, boundMs), '', '']))];
}
