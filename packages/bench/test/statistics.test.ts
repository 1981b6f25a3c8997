import { median, percentile, summarize } from '../src/measure/statistics.js';

describe('percentile', () => {
  it('is linear between the two nearest ranks, whatever the order of the values', () => {
    expect(percentile([4, 1, 3, 2], 50)).toBe(2.5);
    expect(percentile([10, 20, 30, 40, 50], 25)).toBe(20);
    expect(percentile([10, 20], 99)).toBeCloseTo(19.9);
  });

  it('is the lowest at 0, the highest at 100, the only one anywhere', () => {
    expect([percentile([3, 1, 2], 0), percentile([3, 1, 2], 100), percentile([7], 99)]).toEqual([1, 3, 7]);
  });

  it('refuses to be of nothing', () => {
    expect(() => percentile([], 50)).toThrow('no value, no percentile');
  });

  it('leaves the values as they were', () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('a summary of rounds', () => {
  it('has median, least and most of every metric, over the rounds that have it', () => {
    const summary = summarize([{ a: 1, b: 10 }, { a: 3 }, { a: 2, b: 20 }]);
    expect(summary).toEqual({ median: { a: 2, b: 15 }, min: { a: 1, b: 10 }, max: { a: 3, b: 20 } });
  });

  it('has null for what no round could measure', () => {
    expect(summarize([{ cpu: null }, { cpu: null }]).median).toEqual({ cpu: null });
  });

  it('is empty for no rounds', () => {
    expect(summarize([])).toEqual({ median: {}, min: {}, max: {} });
  });
});
