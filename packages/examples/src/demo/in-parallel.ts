/** Reads something for every item, so many at a time, and answers in the items' order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  { read, readers, onRead }: { read: (item: Item) => Promise<Result>; readers: number; onRead: (done: number) => void },
): Promise<Result[]> {
  const results: Result[] = [];
  const todo = items.entries();
  let done = 0;
  await Promise.all(
    Array.from({ length: readers }, async () => {
      for (const [at, item] of todo) {
        results[at] = await read(item);
        onRead((done += 1));
      }
    }),
  );
  return results;
}
