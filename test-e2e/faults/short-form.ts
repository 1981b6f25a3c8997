// A scenario in `npm test`: the same body as in `pnpm test:faults`, tried once or twice.
import { randomOf, say } from '../harness/load.js';
import { rehearse } from './rehearsal.js';
import type { Tried } from './scenario.js';

/** A test's body. Prints the seed and what was measured. */
export function expectNoViolation(scenario: Tried, tries = 1): () => Promise<void> {
  return async () => {
    const { verdicts, failures } = await rehearse(scenario, { tries, random: randomOf(scenario.name) });
    for (const { partsMs } of verdicts) say(`${scenario.name}: ${partsOf(partsMs)} (${scenario.measured})`);
    expect(failures).toEqual([]);
    expect(verdicts.flatMap(({ violations }) => violations)).toEqual([]);
    expect(verdicts).toHaveLength(tries);
  };
}

const partsOf = (partsMs: Readonly<Record<string, number>>): string =>
  Object.entries(partsMs)
    .map(([part, ms]) => `${part} ${(ms / 1_000).toFixed(1)} s`)
    .join(', ');
