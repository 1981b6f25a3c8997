import Table from 'cli-table3';

/** One number of the demo: what it must be, worked out without the engine, and what it is. */
export type Check = { what: string; expected: number; actual: number };

export const asItMustBe = (check: Check): boolean => check.expected === check.actual;

export function checksTable(checks: readonly Check[]): string {
  const rows = checks.map((check) => [check.what, grouped(check.expected), grouped(check.actual), asItMustBe(check) ? 'ok' : 'WRONG']);
  return tableOf(['', 'must be', 'is', ''], ['left', 'right', 'right', 'left'], rows);
}

/** How often each occurs. */
export function countsTable(title: string, counts: readonly (readonly [string, number])[]): string {
  return tableOf(
    [title, 'number'],
    ['left', 'right'],
    counts.map(([name, count]) => [name, grouped(count)]),
  );
}

/** One frame, no line between rows. */
function tableOf(head: string[], colAligns: ('left' | 'right')[], rows: readonly string[][]): string {
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const table = new Table({ head, colAligns, chars, style: { head: [], border: [] } });
  table.push(...rows);
  return table.toString();
}

const grouped = (value: number): string => value.toLocaleString('en-US');
