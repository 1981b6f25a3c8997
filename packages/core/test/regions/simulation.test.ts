import { testEnvironment, useTestMesh } from '@singularity-workflow/testkit';
import { Simulation } from '../support/simulation.js';

const { seed: given, long } = testEnvironment();
const first = given ?? Math.floor(Math.random() * 1_000_000_000);
const TIMEOUT_MS = 900_000;

// Three: what a mesh usually has. Four: a majority is more than half of those that answer when one is away, and seals needed are fewer than a majority.
describe.each([
  { regions: ['asia', 'eu', 'us'], stories: long ? 200 : 2, actions: 1_500 },
  { regions: ['asia', 'eu', 'sa', 'us'], stories: long ? 100 : 1, actions: 2_000 },
])('monitors of $regions under a scheduler that loses, cuts, pauses and restarts', ({ regions, stories, actions }) => {
  const mesh = useTestMesh(regions);
  process.stdout.write(`simulation of ${regions.length} regions: TEST_SEED=${first}, ${stories} stories\n`);

  it.each(Array.from({ length: stories }, (_, story) => first + story))(
    'keep every law (seed %d)',
    async (seed) => {
      const simulation = new Simulation(mesh, { seed, heartbeatMs: 400, leaseMs: 1_000, marginMs: 200, drift: 0.01 });
      const violation = await simulation.run(actions);
      process.stdout.write(`seed ${seed}: ${await simulation.summary()}\n`);
      const told =
        violation === null ? null : `${violation.law}: ${JSON.stringify(violation.facts)}\n${violation.trace.slice(-120).join('\n')}`;
      expect(told).toBeNull();
    },
    TIMEOUT_MS,
  );
});
