import type { Contestant } from '../src/contest.js';
import { tooLarge } from '../src/measure/filling.js';
import type { Peer } from '../src/peers/peer.js';
import { readReport } from '../src/scaling/pgbench.js';
import { SIZES } from '../src/sizes.js';
import { history } from '../src/workloads/history.js';
import { scalingExecutors } from '../src/workloads/scaling-executors.js';
import { scalingRouters } from '../src/workloads/scaling-routers.js';

const contestant = (name: string): Contestant => ({
  key: name,
  peer: { name, takesPart: { history: '' } } as unknown as Peer,
  settings: { workers: 1, batchSize: 7 },
});
const both = [contestant('ours'), contestant('dbos')];

describe('what pgbench prints', () => {
  const text =
    'number of transactions actually processed: 115\nnumber of failed transactions: 0 (0.000%)\nlatency average = 34.875 ms\ninitial connection time = 21 ms\ntps = 114.694 (without initial connection time)\n';

  it('is read', () => {
    expect(readReport(text)).toEqual({ transactionsPerSecond: 114.694, latencyMs: 34.875 });
  });

  it('is no result when transactions failed, or when it says something else', () => {
    expect(() => readReport(text.replace('transactions: 0', 'transactions: 3'))).toThrow('3 transactions of pgbench failed');
    expect(() => readReport('hello')).toThrow('said nothing that is understood: hello');
  });
});

describe('who takes part', () => {
  it('in the scaling of executors is ours with 1, 2 and 4 processes, as it is set otherwise', async () => {
    const entrants = await scalingExecutors.entrants!(both, SIZES.tiny);
    expect(entrants.map(({ key, label, settings }) => [key, label, settings['workers'], settings['batchSize']])).toEqual([
      ['executors1', '1 executor', 1, 7],
      ['executors2', '2 executors', 2, 7],
      ['executors4', '4 executors', 4, 7],
    ]);
  });

  it('in the scaling of routers is ours with 1 and 2', async () => {
    expect((await scalingRouters.entrants!(both, SIZES.tiny)).map(({ key }) => key)).toEqual(['routers1', 'routers2']);
    expect(await scalingRouters.entrants!([contestant('dbos')], SIZES.tiny)).toEqual([]);
  });

  it('in a history beyond a million runs is ours alone', async () => {
    const among = async (historyRuns: number): Promise<string[]> =>
      (await history.entrants!(both, { ...SIZES.full, historyRuns })).map(({ key }) => key);
    expect(await among(1_000_000)).toEqual(['ours', 'dbos']);
    expect(await among(1_000_001)).toEqual(['ours']);
  });
});

describe('a filling', () => {
  it('is too large when the rest would not fit, by what is there already', () => {
    expect(tooLarge({ done: 10, runs: 100, takenGiB: 1, freeGiB: 20 })).toBeNull();
    expect(tooLarge({ done: 5, runs: 1_010, takenGiB: 1, freeGiB: 20 })).toBeNull(); // too few to tell
    expect(tooLarge({ done: 10, runs: 1_010, takenGiB: 1, freeGiB: 20 })).toBe('1,000 more runs need about 100 GiB; 20 GiB are free');
  });
});
