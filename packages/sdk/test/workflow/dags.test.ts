// Random workflows: whatever the DSL builds, the database takes and the executor runs.
import { fc, seeded, useTestDatabase } from '@singularity-workflow/testkit';
import { workflow, type AnyWorkflow } from '../../src/index.js';
import { useExecutors } from '../executor/support.js';

const db = useTestDatabase();
const { executor, finished } = useExecutors(db);

/** A step by its position: which earlier ones it depends on, or which one it maps over. */
interface Shape {
  readonly kind: 'single' | 'map';
  readonly dependencies: readonly number[];
  readonly attempts: number | undefined;
  readonly elements: number;
}

const shapes = (stepsMax: number): fc.Arbitrary<Shape[]> =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom<'single' | 'map'>('single', 'single', 'map'),
        picks: fc.uniqueArray(fc.nat(1_000), { maxLength: 4 }),
        attempts: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
        elements: fc.nat(4),
      }),
      { minLength: 1, maxLength: stepsMax },
    )
    .map((steps) =>
      steps.map(({ kind, picks, attempts, elements }, index) => {
        const dependencies = index === 0 ? [] : [...new Set(picks.map((pick) => pick % index))];
        return { kind, dependencies: kind === 'map' ? dependencies.slice(0, 1) : dependencies, attempts, elements };
      }),
    );

interface Untyped extends AnyWorkflow {
  step(slug: string, options: object, handler: (input: unknown) => unknown): Untyped;
  map(slug: string, options: object, handler: (input: unknown) => unknown): Untyped;
}

/** A single step returns its input's keys and an array; a map task returns its element. */
function build(steps: readonly Shape[], slug: string): Untyped {
  let built = workflow<number[]>(slug) as unknown as Untyped;
  steps.forEach(({ kind, dependencies, attempts, elements }, index) => {
    const options = attempts === undefined ? {} : { maxAttempts: attempts };
    if (kind === 'single') {
      const dependsOn = dependencies.map((dependency) => `s${dependency}`);
      built = built.step(`s${index}`, dependsOn.length > 0 ? { ...options, dependsOn } : options, (input) => ({
        keys: Object.keys(input as object).toSorted(),
        list: Array.from({ length: elements }, (_, n) => n),
      }));
    } else {
      const source = dependencies[0];
      const over = source === undefined ? {} : { over: steps[source]?.kind === 'map' ? `s${source}` : `s${source}.list` };
      built = built.map(`s${index}`, { ...options, ...over }, (element) => element);
    }
  });
  return built;
}

it('builds definitions that the database takes as they are, the same content as the same version', async () => {
  await fc.assert(
    fc.asyncProperty(shapes(30), async (steps) => {
      const { definition } = build(steps, 'random');
      const first = await db.make.define(definition);
      const second = await db.make.define(structuredClone(definition));
      expect(second).toMatchObject({ definition_id: first.definition_id, created: false });
      const rows = await db.sql(
        `select step_slug, kind, dependencies, max_attempts from workflow.workflow_steps where definition_id = $1 order by step_index`,
        [first.definition_id],
      );
      expect(rows).toEqual(
        steps.map(({ kind, dependencies, attempts }, index) => ({
          step_slug: `s${index}`,
          kind,
          dependencies: expect.arrayContaining(dependencies.map((dependency) => `s${dependency}`)) as string[],
          max_attempts: attempts ?? 3,
        })),
      );
    }),
    seeded('definitions', 60),
  );
});

it('runs each to its end, every step with exactly what it depends on', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(shapes(10), fc.array(fc.nat(9), { maxLength: 4 }), async (steps, input) => {
      const built = build(steps, `random-${(count += 1)}`);
      const ex = await executor([built]);
      const runId = await db.make.start(built.slug, input);
      const run = await finished(runId);
      await ex.stop();
      const outputs = expectedOutputs(steps, input);
      const leaves = steps.flatMap((_, index) => (steps.some(({ dependencies }) => dependencies.includes(index)) ? [] : [index]));
      expect(run).toMatchObject({ status: 'completed' });
      expect(run.output).toEqual(Object.fromEntries(leaves.map((leaf) => [`s${leaf}`, outputs[leaf]])));
    }),
    seeded('runs', 25),
  );
});

function expectedOutputs(steps: readonly Shape[], input: readonly number[]): unknown[] {
  const outputs: unknown[] = [];
  for (const { kind, dependencies, elements } of steps) {
    const source = dependencies[0];
    const sourceOutput = source === undefined ? input : outputs[source];
    if (kind === 'map') outputs.push(Array.isArray(sourceOutput) ? sourceOutput : (sourceOutput as { list: unknown }).list);
    else {
      const keys = source === undefined ? Object.keys(input) : dependencies.map((dependency) => `s${dependency}`).toSorted();
      outputs.push({ keys, list: Array.from({ length: elements }, (_, n) => n) });
    }
  }
  return outputs;
}
