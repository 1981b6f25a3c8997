// How much a call did, counted and not timed: pages touched, rows moved, rows thrown away, statements run. The same on an idle machine and on a
// busy one, so a call whose work grows faster than its batch is seen whatever else runs.
import { type PlanNode, type Statement, textIn } from './watched.js';

export interface Work {
  /** Pages of tables, indexes and temporary files. */
  readonly pages: number;
  /** Rows that nodes of plans handed on. */
  readonly rows: number;
  /** Rows that were read and thrown away by a filter. */
  readonly thrownAway: number;
  /** Rows that were each compared with every element of an array. */
  readonly searches: number;
  readonly statements: number;
}

export const KINDS = ['pages', 'rows', 'thrownAway', 'searches', 'statements'] as const satisfies readonly (keyof Work)[];

const PAGES = ['Shared Hit Blocks', 'Shared Read Blocks', 'Local Hit Blocks', 'Temp Read Blocks', 'Temp Written Blocks'];
const REMOVED = /^Rows Removed by /;
/** An array that is a parameter is searched from its beginning for every row; a constant one is hashed. */
const SEARCH = /\b(ANY|ALL) \(\$\d+\)/;

const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** One page each, whoever reads them: by index or not depends on the settings of the function that asked first. */
const TINY = /^(limits|leases|queues|run_horizon)$/;

function removedBy(node: PlanNode): number {
  if (TINY.test(node['Relation Name'] ?? '')) return 0;
  const removed = Object.entries(node).filter(([property]) => REMOVED.test(property));
  return sum(removed.map(([, rows]) => Number(rows) * (node['Actual Loops'] ?? 1)));
}
const handedOn = (node: PlanNode): number => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1);
const searchesArray = (node: PlanNode): boolean =>
  ['Filter', 'Join Filter', 'One-Time Filter'].some((property) => SEARCH.test(textIn(node, property) ?? ''));

/** Pages of a statement are those of all that it called too, so only what the caller itself sent counts. */
export function workOf(statements: readonly Statement[]): Work {
  const nodes = statements.flatMap(({ plan }) => nodesOf(plan));
  const sent = statements.filter(({ fn }) => fn === null);
  return {
    pages: sum(sent.flatMap(({ plan }) => PAGES.map((property) => Number(plan[property] ?? 0)))),
    rows: sum(nodes.map(handedOn)),
    thrownAway: sum(nodes.map(removedBy)),
    searches: sum(nodes.filter(searchesArray).map((node) => Math.max(node['Actual Loops'] ?? 1, handedOn(node) + removedBy(node)))),
    statements: statements.length,
  };
}

export function perElement(work: Work, elements: number): Work {
  return Object.fromEntries(KINDS.map((kind) => [kind, work[kind] / elements])) as unknown as Work;
}
