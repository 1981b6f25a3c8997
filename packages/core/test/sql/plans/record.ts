// What was recorded of a function: its statements, each with the plan or the few plans that it ran with. Read from and written to packages/core/plans.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { headOf, isWorthKeeping, linesOf, rounded } from './shape.js';
import type { Statement } from './watched.js';

export interface Plan {
  readonly cost: number;
  readonly lines: readonly string[];
}
/** By the statement's head. */
export type Statements = Map<string, Plan[]>;
/** What a service sends itself, and no function. */
export const SENT = 'reads';
/** By function. */
export type Recorded = Map<string, Statements>;

const FOLDER = fileURLToPath(new URL('../../../plans/', import.meta.url));
const HEADER = (fn: string) => `# ${fn}\n# Plans on a filled database, written by \`pnpm plans\`; docs/plans.md says how to read them.\n`;
/** A cost moves a little with every fill; one that moved by less is kept, so that a diff shows what changed. */
const COST_DRIFT = 0.3;

/** The same statement with the same shape is one plan, at its highest cost. */
export function add(recorded: Recorded, statements: readonly Statement[]): void {
  for (const statement of statements.filter(isWorthKeeping)) {
    const of = statement.fn ?? SENT;
    const head = headOf(statement.text);
    const plans = (recorded.get(of) ?? recorded.set(of, new Map()).get(of)!).get(head) ?? [];
    const fresh = { cost: rounded(statement.plan['Total Cost']), lines: linesOf(statement.plan) };
    const same = plans.findIndex(({ lines }) => lines.join('\n') === fresh.lines.join('\n'));
    if (same < 0) plans.push(fresh);
    else if (plans[same]!.cost < fresh.cost) plans[same] = fresh;
    recorded.get(of)!.set(head, plans);
  }
}

function textOf(fn: string, statements: Statements): string {
  const blocks = [...statements].map(
    ([head, plans]) => `\n## ${head}\n${plans.map(({ cost, lines }) => `cost ${cost}\n${lines.join('\n')}\n`).join('or\n')}`,
  );
  return HEADER(fn) + blocks.join('');
}

function statementsOf(text: string): Statements {
  const statements: Statements = new Map();
  for (const block of text.split('\n## ').slice(1)) {
    const [head, ...rest] = block.trimEnd().split('\n');
    const plans = rest
      .join('\n')
      .split('\nor\n')
      .map((plan) => {
        const [cost, ...lines] = plan.split('\n');
        return { cost: Number(cost!.replace('cost ', '')), lines };
      });
    statements.set(head!, plans);
  }
  return statements;
}

export function readRecorded(): Recorded {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt') && name !== 'calls.txt');
  return new Map(files.map((name) => [name.slice(0, -'.txt'.length), statementsOf(readFileSync(`${FOLDER}${name}`, 'utf8'))]));
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= COST_DRIFT * Math.max(a, b);

function keepingNearCosts(fresh: Statements, former: Statements | undefined): Statements {
  const keep = (head: string, plan: Plan): Plan => {
    const before = former?.get(head)?.find(({ lines }) => lines.join('\n') === plan.lines.join('\n'));
    return before !== undefined && isNear(before.cost, plan.cost) ? before : plan;
  };
  return new Map([...fresh].map(([head, plans]) => [head, plans.map((plan) => keep(head, plan))]));
}

export function writeRecorded(fresh: Recorded): void {
  mkdirSync(FOLDER, { recursive: true });
  const former = readRecorded();
  for (const gone of former.keys()) if (!fresh.has(gone)) rmSync(`${FOLDER}${gone}.txt`);
  for (const [fn, statements] of fresh) writeFileSync(`${FOLDER}${fn}.txt`, textOf(fn, keepingNearCosts(statements, former.get(fn))));
}
