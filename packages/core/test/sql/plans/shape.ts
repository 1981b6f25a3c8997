// A plan as text that a person reads, and what a comparison takes from that text: which tables are read how, what joins them, what it costs.
import { type PlanNode, type Statement, textIn } from './watched.js';

const CONDITIONS = {
  'Index Cond': 'when',
  'TID Cond': 'when',
  'Recheck Cond': 'again',
  Filter: 'filter',
  'Join Filter': 'join filter',
  'Hash Cond': 'when',
  'Merge Cond': 'when',
  'One-Time Filter': 'only if',
} as const;
const CONDITION_CHARS_MAX = 200;
const HEAD_CHARS_MAX = 110;

/** Queues differ in their names only. */
const anyQueue = (text: string): string => text.replaceAll(/\bq_[a-z0-9_]+?_p[012]/g, 'q_*').replaceAll(/"?(q_\*\w*)"?/g, '$1');

/** The laws of a view that is written through: long, and the same in every plan. */
const withoutLaws = (text: string): string => text.replaceAll(/CASE WHEN .*?workflow\.break_law\(.* ELSE true END/gs, 'its laws hold');

/** Statements that are put together at run time have their values in their plans. */
const withoutValues = (text: string): string =>
  text
    .replaceAll(/'\{[^}']{36,}\}'/g, `'{...}'`)
    .replaceAll(/'[0-9a-f]{8}-[0-9a-f-]{27}'/g, `'...'`)
    .replaceAll(/'\d{4}-\d\d-\d\d [^']*'/g, `'...'`)
    .replaceAll(/'\w+'::text = ANY/g, `'...'::text = ANY`);

/** A statement's beginning, by which it is known in its function. */
export function headOf(text: string): string {
  return anyQueue(text.replaceAll(/--[^\n]*/g, ''))
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, HEAD_CHARS_MAX)
    .trim();
}

function labelOf(node: PlanNode): string {
  const operation = node['Node Type'] === 'ModifyTable' ? textIn(node, 'Operation') : node['Node Type'];
  const kind = textIn(node, 'Join Type') ?? 'Inner';
  const join = kind === 'Inner' ? '' : ` ${kind.toLowerCase()}`;
  const name = node['Relation Name'] ?? textIn(node, 'CTE Name') ?? textIn(node, 'Function Name');
  const called = textIn(node, 'Alias') ?? name;
  const alias = called === name ? '' : ` ${called}`;
  const index = node['Index Name'] === undefined ? '' : ` by ${node['Index Name']}`;
  return anyQueue(`${operation}${join}${name === undefined ? '' : ` on ${name}${alias}`}${index}`);
}

export function linesOf(node: PlanNode, depth = 0): string[] {
  const indent = '  '.repeat(depth);
  const role = textIn(node, 'Subplan Name');
  const conditions = Object.entries(CONDITIONS).flatMap(([property, word]) => {
    const condition = textIn(node, property);
    if (condition === undefined) return [];
    return `${indent}    ${word} ${withoutValues(withoutLaws(anyQueue(condition)))
      .replaceAll(/\s+/g, ' ')
      .slice(0, CONDITION_CHARS_MAX)}`;
  });
  return [
    `${indent}- ${role === undefined ? '' : `${role}: `}${labelOf(node)}`,
    ...conditions,
    ...(node.Plans ?? []).flatMap((child) => linesOf(child, depth + 1)),
  ];
}

const scans = (node: PlanNode): number =>
  (node.Plans ?? []).reduce((sum, child) => sum + scans(child), node['Node Type'].endsWith(' Scan') ? 1 : 0);
const touchesTable = (node: PlanNode): boolean => node['Relation Name'] !== undefined || (node.Plans ?? []).some(touchesTable);

/** An expression over one array has no plan worth keeping. */
export const isWorthKeeping = ({ plan }: Statement): boolean => touchesTable(plan) || scans(plan) > 1;

/** Two digits: more would change with every random id. */
export const rounded = (value: number): number => (value === 0 ? 0 : Number(value.toPrecision(2)));
