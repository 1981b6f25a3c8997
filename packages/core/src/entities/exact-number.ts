/** bigint columns hold ids, tokens and counts below 2^53; TypeORM would give them as text. One that does not fit is an error, not a rounded value. */
export const exactNumber = {
  from(value: string | number | null): number | null {
    if (value === null) return null;
    const exact = Number(value);
    if (!Number.isSafeInteger(exact)) throw new RangeError(`${value} does not fit a JavaScript number exactly`);
    return exact;
  },
  to(value: number | null): number | null {
    return value;
  },
};
