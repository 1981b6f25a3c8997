import { Contest, type Contestant } from '../src/contest.js';
import type { Peer } from '../src/peers/peer.js';
import type { Server } from '../src/server.js';
import { SIZES } from '../src/sizes.js';
import { chain } from '../src/shape.js';
import { Skipped, type Trial, type Workload } from '../src/workloads/workload.js';

const server = {
  postmasterPid: null,
  databaseFor: async () => 'postgres://nowhere/x',
  drop: async () => undefined,
} as unknown as Server;
const contestant = (key: string): Contestant => ({
  key,
  peer: { name: 'ours', takesPart: { history: '' } } as unknown as Peer,
  settings: {},
});
const [one, other] = [contestant('one'), contestant('other')];

/** A history whose trials count what is asked of them. */
function workloadOf(trial: Partial<Trial>, rest: Partial<Workload> = {}): Workload {
  let rounds = 0;
  const whole: Trial = {
    warmUp: async () => undefined,
    round: async () => ({ metrics: { at: (rounds += 1) }, mistakes: [] }),
    close: async () => undefined,
    ...trial,
  };
  const sequel = { name: 'bloat', title: '' } as const;
  return { name: 'history', title: '', shape: chain(3), sequel, open: async () => whole, ...rest };
}

const contest = (): Contest => new Contest({ server, sizes: { ...SIZES.tiny, rounds: 2 }, log: () => undefined });

describe('a contest', () => {
  it('goes on with the same trials in the sequel, and keeps its rounds apart', async () => {
    const beginSequel = jest.fn(async () => undefined);
    const scores = await contest().hold(workloadOf({ beginSequel }), [one], ['history', 'bloat']);
    expect([...scores.keys()]).toEqual(['history', 'bloat']);
    expect(scores.get('history')!.get('one')!.rounds).toEqual([{ at: 1 }, { at: 2 }]);
    expect(scores.get('bloat')!.get('one')!.rounds).toEqual([{ at: 3 }, { at: 4 }]);
    expect(beginSequel).toHaveBeenCalledTimes(1);
  });

  it('has the sequel alone, or not at all, where only that is wanted', async () => {
    const beginSequel = jest.fn(async () => undefined);
    expect([...(await contest().hold(workloadOf({ beginSequel }), [one], ['bloat'])).keys()]).toEqual(['bloat']);
    expect([...(await contest().hold(workloadOf({ beginSequel }), [one], ['history'])).keys()]).toEqual(['history']);
    expect(beginSequel).toHaveBeenCalledTimes(1);
  });

  it('says in the sequel too why somebody has no rounds', async () => {
    const failing = workloadOf({ warmUp: () => Promise.reject(new Error('no room')) });
    const scores = await contest().hold(failing, [one], ['history', 'bloat']);
    for (const name of ['history', 'bloat']) expect(scores.get(name)!.get('one')).toMatchObject({ rounds: [], failure: 'no room' });
  });

  it('calls what a machine lacks no failure', async () => {
    const scores = await contest().hold(workloadOf({}, { open: () => Promise.reject(new Skipped('no pgbench')) }), [one], ['history']);
    expect(scores.get('history')!.get('one')).toMatchObject({ rounds: [], failure: null, skipped: 'no pgbench' });
  });

  it('lets the workload say who takes part, and remembers whom it brought', async () => {
    const contests = contest();
    const scores = await contests.hold(
      workloadOf({}, { entrants: async ([first]) => [first!, contestant('brought')] }),
      [one, other],
      ['history'],
    );
    expect([...scores.get('history')!.keys()]).toEqual(['one', 'brought']);
    expect(contests.others.map(({ key }) => key)).toEqual(['brought']);
  });
});
