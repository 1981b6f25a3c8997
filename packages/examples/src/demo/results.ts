import Table from 'cli-table3';

/** One number of the demo: what it must be, worked out without the engine, and what it is. */
export type Check = { what: string; expected: number; actual: number };

export const asItMustBe = (check: Check): boolean => check.expected === check.actual;

export function checksTable(checks: readonly Check[]): string {
  const table = new Table({ head: ['', 'must be', 'is', ''], colAligns: ['left', 'right', 'right', 'left'], style: { head: [], border: [] } });
  for (const check of checks) {
    table.push([check.what, grouped(check.expected), grouped(check.actual), asItMustBe(check) ? 'ok' : 'WRONG']);
  }
  return table.toString();
}

const grouped = (value: number): string => value.toLocaleString('en-US');
