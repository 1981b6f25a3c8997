// Numbers for people.

/** `12,345`, `1.23`, `0.045`; a dash for nothing. */
export function number(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  if (size >= 10) return value.toFixed(1);
  return size >= 0.1 || size === 0 ? value.toFixed(2) : value.toFixed(3);
}

/** `12,345 (11,900-12,800)`: the median, and the lowest and highest round where there is more than one. */
export function withRange(value: unknown, [least, most]: readonly [unknown, unknown]): string {
  return least === most || typeof value !== 'number' ? number(value) : `${number(value)} (${number(least)}-${number(most)})`;
}

/** `15.2x`; a dash where one of them is missing. */
export function ratio(one: unknown, other: unknown): string {
  return typeof one === 'number' && typeof other === 'number' && other > 0 ? `${number(one / other)}x` : '-';
}
