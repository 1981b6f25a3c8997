// Finds what became worse since the plans were recorded, as sentences that name function, statement, and index.
import { factsOf, type Path } from './facts.js';
import { type Plan, type Recorded, SENT } from './record.js';

/** Costs are estimates, and a little of chance: an order of magnitude is no chance. */
const COST_GROWTH_MAX = 10;
const NEGLIGIBLE_COST = 10;

/** They read all steps of one run: by which columns more is chance, and makes no difference. */
const OF_ONE_RUN = /^(reset_steps|retry_run)$/;

export interface Comparing {
  /** Plans made without statistics estimate other costs. What services send themselves is planned again when statistics come: it is left out then. */
  readonly statistics?: boolean;
  /** Every statement was met: one that is missing, or was never recorded, counts. */
  readonly complete?: boolean;
}

const union = <T>(sets: readonly ReadonlySet<T>[]): Set<T> => new Set(sets.flatMap((set) => [...set]));

const isAsNarrow = (other: Path, path: Path): boolean => path.keys.every((key) => other.keys.includes(key));

/** One plan against those that are allowed: it keeps the indexes of one of them, and has no burden that none of them has. */
function compare(fresh: Plan, allowed: readonly Plan[], { costs, keys }: { costs: boolean; keys: boolean }): string[] {
  const now = factsOf(fresh.lines);
  const before = allowed.map(({ lines }) => factsOf(lines));
  const lost = before
    .map(({ paths }) =>
      paths.filter((path) => !now.paths.some((other) => other.index === path.index && (!keys || isAsNarrow(other, path)))),
    )
    .toSorted((a, b) => a.length - b.length)[0]!
    .map(({ index, keys }) => `reads no more by ${index} (${keys.join(', ')})`);
  const known = union(before.map(({ burdens }) => burdens));
  const burdens = [...now.burdens].filter((burden) => !known.has(burden));
  const costMax = Math.max(NEGLIGIBLE_COST, ...allowed.map(({ cost }) => cost));
  const dear = costs && fresh.cost > COST_GROWTH_MAX * costMax ? [`costs ${fresh.cost}, ${costMax} when it was recorded`] : [];
  return [...lost, ...burdens, ...dear];
}

const neverRecorded = (matters: boolean): string[] => (matters ? ['was never recorded (pnpm plans)'] : []);
const worse = (fn: string, plans: readonly Plan[], allowed: readonly Plan[], costs: boolean): string[] =>
  plans.flatMap((plan) => compare(plan, allowed, { costs, keys: !OF_ONE_RUN.test(fn) }));

export function differences(recorded: Recorded, fresh: Recorded, { statistics = true, complete = true }: Comparing = {}): string[] {
  const found: string[] = [];
  for (const [fn, statements] of fresh) {
    if (fn === SENT && !statistics) continue;
    for (const [head, plans] of statements) {
      const allowed = recorded.get(fn)?.get(head);
      const what = allowed === undefined ? neverRecorded(complete) : worse(fn, plans, allowed, statistics);
      found.push(...what.map((sentence) => `${fn}: ${sentence}: ${head}`));
    }
  }
  if (!complete) return [...new Set(found)];
  const gone = [...recorded].flatMap(([fn, statements]) =>
    [...statements.keys()].filter((head) => !fresh.get(fn)?.has(head)).map((head) => `${fn}: was not met any more (pnpm plans): ${head}`),
  );
  return [...new Set([...found, ...gone])];
}
