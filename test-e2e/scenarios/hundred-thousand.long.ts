// 100,000 runs of three steps through two executors, default settings, fsync on. A command of its own (`hundred-thousand`): it takes minutes.
import { say } from '../harness/load.js';
import { runChains } from '../harness/chains.js';
import { inRegion } from '../harness/region.js';
import { peakMemory } from '../harness/memory.js';

const RUNS = 100_000;
const STEPS = 3;
const PROCESS_BYTES_MAX = 300 * 1024 * 1024;

it(
  'brings 100,000 runs of three steps to the right outputs; no process takes more than 300 MB',
  inRegion({ executors: 2, record: false, server: { fsync: 'on' } }, async (region) => {
    const { right, tookMs, shares } = await runChains(region, RUNS);
    const memory = region.services.map((service) => ({ name: service.name, bytes: peakMemory(service.pid) }));
    say(`${RUNS} runs of ${STEPS} steps in ${(tookMs / 1_000).toFixed(1)} s: ${Math.round((RUNS * STEPS * 1_000) / tookMs)} steps/s`);
    say(`shares of the executors: ${shares.join(', ')} tasks`);
    for (const { name, bytes } of memory) say(`peak memory of ${name}: ${Math.round(bytes / 1024 / 1024)} MB`);
    expect(right).toBe(RUNS);
    expect(shares).toHaveLength(2);
    expect(memory.filter(({ bytes }) => bytes > PROCESS_BYTES_MAX)).toEqual([]);
  }),
);
