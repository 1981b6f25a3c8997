// Submitting in batches, a few at a time: how every peer's runs get into its tables before the clock starts.
import type { Range } from './peer.js';

/** The numbers of a range, in arrays of at most `size`. */
export function* batchesOf({ first, count }: Range, size: number): Generator<number[]> {
  for (let from = first; from < first + count; from += size) {
    const length = Math.min(size, first + count - from);
    yield Array.from({ length }, (_, at) => from + at);
  }
}

/** Does `work` with each item, at most `lanes` at once. */
export async function inLanes<Item>(items: Iterable<Item>, lanes: number, work: (item: Item) => Promise<void>): Promise<void> {
  const shared = items[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = shared.next(); !next.done; next = shared.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
