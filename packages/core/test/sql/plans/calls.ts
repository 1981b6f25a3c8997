// packages/core/plans/calls.txt: what each call did for each element of a small batch and of a large one. Read, written, compared.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rounded } from './shape.js';
import { KINDS, type Work } from './work.js';

/** Work per element, for each batch size that was tried: one, or a small and a large one. */
export type Calls = Map<string, Work[]>;

const FILE = fileURLToPath(new URL('../../../plans/calls.txt', import.meta.url));
const HEADER = `# Work of each call for each element of its batch, counted: in a batch of 100, then in one of 1,000; calls about one thing as a whole.
# Written by \`pnpm plans\`; docs/plans.md says how to read it.
`;
/** What a batch costs however small it is, shared by its elements. */
const SLACK: Work = { pages: 3, rows: 3, thrownAway: 3, searches: 0.5, statements: 0.3 };
const GROWTH_MAX = 1.5;
const RECORDED_MAX = 3;
const DRIFT = 0.3;

const shown = (call: string, works: readonly Work[]): string =>
  [call.padEnd(56), ...KINDS.map((kind) => `${kind} ${works.map((work) => rounded(work[kind])).join(' ')}`.padEnd(20))]
    .join('| ')
    .trimEnd();

function callOf(line: string): [string, Work[]] {
  const [call, ...columns] = line.split('|').map((column) => column.trim());
  const numbers = columns.map((column) => column.split(' ').slice(1).map(Number));
  const works = numbers[0]!.map((_, at) => Object.fromEntries(KINDS.map((kind, i) => [kind, numbers[i]![at]!])) as unknown as Work);
  return [call!, works];
}

export function readCalls(): Calls {
  const lines = readFileSync(FILE, 'utf8').split('\n');
  return new Map(lines.filter((line) => line !== '' && !line.startsWith('#')).map(callOf));
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(DRIFT * Math.max(a, b), 0.3);
const isAsBefore = (works: readonly Work[], before: readonly Work[]): boolean =>
  works.length === before.length && works.every((work, at) => KINDS.every((kind) => isNear(work[kind], before[at]![kind])));

/** A line that says nearly the same stays, so that a diff shows what changed. */
export function writeCalls(calls: Calls): void {
  let former: Calls = new Map();
  try {
    former = readCalls();
  } catch {
    // the first time
  }
  const lines = [...calls].map(([call, works]) => shown(call, isAsBefore(works, former.get(call) ?? []) ? former.get(call)! : works));
  writeFileSync(FILE, `${HEADER}${lines.join('\n')}\n`);
}

/** A call whose work for each element is more in the large batch than in the small one. */
export function growing(calls: Calls): string[] {
  return [...calls].flatMap(([call, [small, large]]) =>
    KINDS.filter((kind) => kind !== 'searches' && large !== undefined && large[kind] > GROWTH_MAX * small![kind] + SLACK[kind]).map(
      (kind) => `${call}: ${kind} per element grow with the batch: ${rounded(small![kind])} in 100, ${rounded(large![kind])} in 1,000`,
    ),
  );
}

export function dearer(recorded: Calls, calls: Calls): string[] {
  const gone = [...recorded.keys()]
    .filter((call) => !calls.has(call))
    .map((call) => `${call}: is recorded, but no call any more (pnpm plans)`);
  const found = [...calls].flatMap(([call, works]) => {
    const before = recorded.get(call);
    if (before === undefined) return [`${call}: was never recorded (pnpm plans)`];
    // Each search is through an array as long as the batch: one more is a batch times a batch.
    const maxOf = (kind: keyof Work, was: number) => (kind === 'searches' ? was : RECORDED_MAX * was) + SLACK[kind];
    return works.flatMap((work, at) =>
      KINDS.filter((kind) => work[kind] > maxOf(kind, before[at]![kind])).map(
        (kind) => `${call}: ${kind} per element: ${rounded(work[kind])}, ${rounded(before[at]![kind])} when it was recorded`,
      ),
    );
  });
  return [...gone, ...found];
}
