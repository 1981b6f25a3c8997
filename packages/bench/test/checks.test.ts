import { mistakesInOutputs } from '../src/peers/peer.js';
import { batchesOf } from '../src/peers/batches.js';
import { chain, fanout, stepsOf } from '../src/shape.js';
import { mistakesInCalls, Tally } from '../src/worker/tally.js';

describe('handler calls', () => {
  const tallyOf = (calls: readonly (readonly [number, number])[]): Tally => {
    const tally = new Tally({ first: 10, count: 2 }, chain(2));
    for (const [run, step] of calls) tally.note(run, step);
    return tally;
  };
  const all = [
    [10, 0],
    [10, 1],
    [11, 0],
    [11, 1],
  ] as const;

  it('are right when every step of every run was called once, in whatever process', () => {
    const [one, other] = [tallyOf(all.slice(0, 3)), tallyOf(all.slice(3))];
    expect(mistakesInCalls([one.counts, other.counts], 0)).toEqual([]);
    expect([one.calls, other.calls]).toEqual([3, 1]);
  });

  it('are wrong when a step was left out, came twice, or belongs to another round', () => {
    const tally = tallyOf([...all.slice(1), [11, 1], [12, 0]]);
    expect(mistakesInCalls([tally.counts], tally.strays)).toEqual([
      '1 steps never ran',
      '1 steps ran more than once',
      '1 handler calls belong to another round',
    ]);
  });
});

describe('outputs', () => {
  const range = { first: 5, count: 2 };

  it('are right when each run has that of its last step, once', () => {
    expect(
      mistakesInOutputs(
        [
          { run: 6, step: 2 },
          { run: 5, step: 2 },
        ],
        range,
        chain(3),
      ),
    ).toEqual([]);
    expect(
      mistakesInOutputs(
        [
          { run: 5, step: 101 },
          { run: 6, step: 101 },
        ],
        range,
        fanout(100),
      ),
    ).toEqual([]);
  });

  it('are wrong when one is missing, is of another step or run, or comes twice', () => {
    expect(mistakesInOutputs([{ run: 5, step: 2 }, null], range, chain(3))).toHaveLength(2);
    expect(
      mistakesInOutputs(
        [
          { run: 5, step: 1 },
          { run: 6, step: 2 },
        ],
        range,
        chain(3),
      ),
    ).toHaveLength(2);
    expect(
      mistakesInOutputs(
        [
          { run: 5, step: 2 },
          { run: 6, step: 2 },
          { run: 6, step: 2 },
        ],
        range,
        chain(3),
      ),
    ).toEqual(['1 of 3 outputs are wrong or come twice']);
  });
});

describe('a shape', () => {
  it('counts the elements of a map as steps', () => {
    expect([stepsOf(chain(10)), stepsOf(fanout(100))]).toEqual([10, 102]);
  });
});

describe('batches', () => {
  it('cover the range, the last one with what is left', () => {
    expect([...batchesOf({ first: 3, count: 5 }, 2)]).toEqual([[3, 4], [5, 6], [7]]);
    expect([...batchesOf({ first: 3, count: 0 }, 2)]).toEqual([]);
  });
});
