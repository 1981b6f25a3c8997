import { waitFor } from '@singularity-workflow/testkit';
import { WorkflowError } from '../../src/domain/index.js';
import { Loop, type LoopOptions } from '../../src/loop/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

const HOUR_MS = 3_600_000;

describe('a loop', () => {
  const logger = new RecordingLogger();
  const loops: Loop[] = [];

  function loopOf(options: Partial<LoopOptions> & Pick<LoopOptions, 'tick'>): Loop {
    const loop = new Loop({ name: 'test', intervalMs: HOUR_MS, logger, backoff: { baseMs: 1, maxMs: 4 }, ...options });
    loops.push(loop);
    return loop;
  }

  beforeEach(() => {
    logger.lines.length = 0;
  });

  afterEach(async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.stop()));
  });

  it('ticks at once, then every interval', async () => {
    let ticks = 0;
    const loop = loopOf({ intervalMs: 1, tick: async () => ((ticks += 1), 'idle') });
    loop.start();
    expect(await waitFor(() => ticks >= 5, { until: 'it ticked five times' })).toBe(true);
  });

  it('never runs twice at once, however often it is woken', async () => {
    let running = 0;
    let most = 0;
    let ticks = 0;
    const loop = loopOf({
      intervalMs: 1,
      tick: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        ticks += 1;
        return ticks % 2 === 0 ? 'more' : 'idle';
      },
    });
    loop.start();
    loop.start();
    await waitFor(() => {
      loop.wake();
      return ticks >= 50;
    });
    expect(most).toBe(1);
  });

  it('goes on at once while there is more, and waits when there is none', async () => {
    const results = ['more', 'more', 'idle'] as const;
    let ticks = 0;
    const loop = loopOf({ tick: async () => results[ticks++] ?? 'idle' });
    loop.start();
    await waitFor(() => ticks === 3);
    await new Promise(setImmediate);
    expect(ticks).toBe(3);
  });

  it('is woken out of its pause, and remembers a wake-up that came during a tick', async () => {
    let ticks = 0;
    const loop = loopOf({
      tick: async () => {
        ticks += 1;
        if (ticks === 2) loop.wake();
        return 'idle';
      },
    });
    loop.start();
    await waitFor(() => ticks === 1);
    loop.wake();
    expect(await waitFor(() => ticks === 3, { until: 'the wake-up during the second tick brought a third' })).toBe(true);
  });

  it('tries again after a failure, with delays that grow, and reports the 1st, 2nd, 4th failure', async () => {
    let ticks = 0;
    const loop = loopOf({
      tick: async () => {
        ticks += 1;
        if (ticks <= 5) throw new WorkflowError('database_unavailable', 'it is away');
        return 'idle';
      },
    });
    loop.start();
    await waitFor(() => ticks === 6);
    await waitFor(() => logger.events('loop_recovered').length === 1);
    expect(logger.events('loop_failed').map(({ failures, nextMs, code }) => [failures, nextMs, code])).toEqual([
      [1, 1, 'database_unavailable'],
      [2, 2, 'database_unavailable'],
      [4, 4, 'database_unavailable'],
    ]);
    expect(logger.events('loop_recovered')[0]).toMatchObject({ loop: 'test', failures: 5 });
    expect(loop.healthy).toBe(true);
  });

  it('is not hurried by wake-ups while it backs off', async () => {
    let ticks = 0;
    const loop = loopOf({
      backoff: { baseMs: HOUR_MS, maxMs: HOUR_MS },
      tick: async () => {
        ticks += 1;
        throw new Error('broken');
      },
    });
    loop.start();
    await waitFor(() => logger.events('loop_failed').length === 1);
    loop.wake();
    await new Promise(setImmediate);
    expect([ticks, loop.healthy]).toEqual([1, false]);
  });

  it('stops after the tick that runs, and tells that tick to end early', async () => {
    let ended = false;
    let begun = false;
    const loop = loopOf({
      tick: async (signal) => {
        begun = true;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        ended = true;
        return 'more';
      },
    });
    loop.start();
    await waitFor(() => begun);
    await loop.stop();
    expect([ended, loop.healthy]).toEqual([true, false]);
    expect(() => loop.start()).toThrow('the loop test was stopped and cannot start again');
  });

  it('stops while it waits', async () => {
    const loop = loopOf({ tick: async () => 'idle' });
    loop.start();
    await waitFor(() => loop.healthy);
    await loop.stop();
    expect(loop.healthy).toBe(false);
  });
});
