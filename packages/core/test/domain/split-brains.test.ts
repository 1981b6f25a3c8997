import { judgeSplitBrains, type SplitBrainSeen, type SplitBrainWatch } from '../../src/domain/index.js';

const belief: SplitBrainSeen = { lease: 'scheduler', token: 5, workerId: 'zombie', believed: 4 };
const leaders = new Map([['scheduler', 'anna']]);

/** Looks once a second; answers at which of them something was told. */
function toldAt(looks: readonly (readonly SplitBrainSeen[])[], lastingMs: number): number[] {
  let watch: SplitBrainWatch = new Map();
  return looks.flatMap((seen, at) => {
    const judged = judgeSplitBrains(watch, seen, { nowMs: at * 1_000, lastingMs, leaders });
    watch = judged.watch;
    return judged.found.length > 0 ? [at] : [];
  });
}

it('says who believes what, and how it is', () => {
  const { found } = judgeSplitBrains(new Map(), [belief], { nowMs: 0, lastingMs: 0, leaders });
  expect(found).toEqual([
    {
      lease: 'scheduler',
      workerId: 'zombie',
      sentence: 'worker zombie believes that it leads scheduler with token 4; anna holds it with token 5',
    },
  ]);
});

it('tells a belief that lasts once, however long it lasts', () => {
  expect(toldAt([[belief], [belief], [belief], [belief], [belief]], 2_000)).toEqual([2]);
});

it('does not tell one that ends soon, as after a fence', () => {
  expect(toldAt([[belief], [belief], [], [belief], []], 2_000)).toEqual([]);
});

it('tells it again after it was over', () => {
  expect(toldAt([[belief], [belief], [], [belief], [belief]], 1_000)).toEqual([1, 4]);
});
