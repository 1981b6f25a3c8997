// Randomness that can be repeated: every random test prints its seed, and TEST_SEED repeats it.
import fc from 'fast-check';
import { testEnvironment } from './environment.js';

/** Parameters for `fc.assert`; the seed is printed, so that a failure elsewhere than in the property can be repeated too. */
export function seeded(name: string, numRuns: number): { seed: number; numRuns: number } {
  const { seed: given } = testEnvironment();
  const seed = given ?? (Date.now() ^ (Math.random() * 0x1_0000_0000)) | 0;
  process.stdout.write(`${name}: TEST_SEED=${seed}, ${numRuns} runs\n`);
  return { seed, numRuns };
}

export { fc };
