import { waitFor } from '@singularity-workflow/testkit';
import { LeaderGauges } from '../../src/leadership/index.js';
import { createMetrics } from '../../src/telemetry/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

describe('gauges of the leader', () => {
  it('are computed while it leads, and forgotten when it does no more', async () => {
    const metrics = createMetrics({ processMetrics: false });
    let leads = false;
    let computed = 0;
    const gauges = new LeaderGauges({
      name: 'gauges',
      logger: new RecordingLogger(),
      leads: () => leads,
      gauges: [metrics.runsOpen],
      intervalMs: 1,
      compute: async () => {
        computed += 1;
        metrics.runsOpen.set({ status: 'started' }, 5);
      },
    });
    const shown = async (): Promise<number | undefined> => (await metrics.runsOpen.get()).values[0]?.value;
    gauges.start();
    await new Promise(setImmediate);
    expect([computed, await shown()]).toEqual([0, undefined]);
    leads = true;
    await waitFor(async () => (await shown()) === 5);
    leads = false;
    await waitFor(async () => (await shown()) === undefined);
    leads = true;
    await waitFor(async () => (await shown()) === 5);
    await gauges.stop();
    expect(await shown()).toBeUndefined();
  });
});
