import Table from 'cli-table3';

/** Where a command's words go. Results on `out`, everything else on `err`, so that a result can be piped. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** The text of standard input. */
  read(): Promise<string>;
}

export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Rows under the names of their columns, without lines: readable by eyes and by awk. */
export function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return 'none';
  const printed = new Table({
    head: columns,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: Object.fromEntries(LINES.map((line) => [line, ''])),
  });
  for (const row of rows) printed.push(columns.map((column) => String(row[column] ?? '-')));
  return printed.toString().replaceAll(/ +$/gm, '');
}

const LINES = [
  'top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right',
  'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle',
]; // prettier-ignore

export const asJson = (value: unknown): string => JSON.stringify(value, null, 2);
