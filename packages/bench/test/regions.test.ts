import type { Instant } from '../src/measure/counters.js';
import { costOf } from '../src/regions/accounts.js';
import { Shared } from '../src/regions/shared.js';

const instant = (walBytes: number, databaseCpuMs: number, atMs = 0): Instant => ({
  walBytes,
  databaseCpuMs,
  machine: { busyMs: atMs, allMs: 2 * atMs },
  atMs,
});

describe('the costs of a round of several regions', () => {
  const from = [instant(0, 0), instant(0, 0), instant(0, 0)];
  const finished = [instant(1_000, 10, 100), instant(0, 0, 100), instant(0, 0, 100)];
  const caughtUp = [instant(1_200, 12), instant(600, 20), instant(400, 10)];
  const accounts = { from, finished, caughtUp, steps: 10, nodeCpuMs: 50 };

  it('are of all until everybody has everything, and of the home and of each peer where one home works', () => {
    expect(costOf({ ...accounts, homes: 1 })).toMatchObject({
      walBytesPerStep: 220,
      homeWalBytesPerStep: 120,
      peerWalBytesPerStep: 50,
      databaseCpuMsPerStep: 4.2,
      homeCpuMsPerStep: 1.2,
      peerCpuMsPerStep: 1.5,
      databaseCores: 0.1,
      nodeCores: 0.5,
    });
  });

  it('are nobody in particular where all work', () => {
    expect(costOf({ ...accounts, homes: 3 })).not.toHaveProperty('homeWalBytesPerStep');
  });
});

describe('what entrants share', () => {
  it('is made for the first and ended by the last', async () => {
    const story: string[] = [];
    const shared = new Shared<string>(async (thing) => void story.push(`${thing} ends`));
    const make = async (): Promise<string> => (story.push('made'), 'it');
    expect(await Promise.all([shared.take(make), shared.take(make)])).toEqual(['it', 'it']);
    await shared.leave();
    expect(story).toEqual(['made']);
    await shared.leave();
    expect(story).toEqual(['made', 'it ends']);
  });

  it('that could not be made is made anew for whoever comes next', async () => {
    const shared = new Shared<string>(async () => undefined);
    await expect(shared.take(() => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
    expect(await shared.take(async () => 'it')).toBe('it');
  });
});
