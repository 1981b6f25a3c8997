// Nothing asks for a metric that nobody exposes, and nothing is exposed that is not explained.
import { alertsNamedIn } from './runbooks.js';
import { exposedMetrics } from './exposed.js';
import { absentMetrics, queries, type Query } from './prometheus-files.js';
import { askedBy } from './promql.js';
import { textOf } from './tools.js';

const exposed = exposedMetrics();

/** Labels that no metric of the expression may carry, and metrics that nobody exposes: sentences. */
function mistakesIn({ where, expr }: Query): string[] {
  const { asked, groupedBy } = askedBy(expr);
  const mistakes = asked.flatMap(({ metric, labels }) => {
    const found = exposed.get(metric);
    if (found === undefined) return [`${where}: nobody exposes ${metric}`];
    return labels.filter((label) => !found.labels.has(label)).map((label) => `${where}: ${metric} has no label ${label}`);
  });
  const known = new Set(asked.flatMap(({ metric }) => [...(exposed.get(metric)?.labels ?? [])]));
  return [...mistakes, ...groupedBy.filter((label) => !known.has(label)).map((label) => `${where}: no metric of it has a label ${label}`)];
}

it('asks only for metrics and labels that the services expose, in every rule and every panel', () => {
  expect(queries().length).toBeGreaterThan(30);
  expect(queries().flatMap(mistakesIn)).toEqual([]);
});

it('sees a metric, a matcher and a grouping that do not exist', () => {
  const of = (expr: string) => mistakesIn({ where: 'planted', expr });
  expect(of('sum by (name) (rate(orchestrator_leaders{name="x"}[5m])) > 1 or vector(0)')).toEqual([
    'planted: nobody exposes orchestrator_leaders',
    'planted: no metric of it has a label name',
  ]);
  expect(of('orchestrator_leader{lease="scheduler"} == 1')).toEqual(['planted: orchestrator_leader has no label lease']);
  expect(of('max by (tenant) (pgmq_queue_depth unless pgmq_queue_depth offset 5m)')).toEqual([
    'planted: no metric of it has a label tenant',
  ]);
  expect(of('absent(orchestrator_leader{name="scheduler"} == 1)')).toEqual([]);
});

it('asks for nothing that the documentation does not explain', () => {
  const asked = new Set(queries().flatMap(({ expr }) => askedBy(expr).asked.map(({ metric }) => metric)));
  const ours = [...asked].filter((metric) => exposed.get(metric)?.ofNode === false);
  const documented = textOf('docs/operating.md');
  const explained = (metric: string) => documented.includes(`| \`${metric.replace(/_(bucket|sum|count)$/, '')}\` |`);
  expect(ours.length).toBeGreaterThan(10);
  expect(ours.filter((metric) => !explained(metric))).toEqual([]);
  expect(explained('workflow_never_was')).toBe(false);
});

it('lists as absent only what is: a metric that has come is taken off the list and gets its alert', () => {
  const absent = absentMetrics().map(({ metric }) => metric);
  expect(absent).toContain('region_rpo_seconds');
  expect(absent.filter((metric) => exposed.has(metric))).toEqual([]);
});

it('names in the runbooks only metrics that are exposed or listed as absent', () => {
  const known = new Set([...exposed.keys(), ...absentMetrics().map(({ metric }) => metric)]);
  const histograms = [...exposed.keys()].map((name) => name.replace(/_(bucket|sum|count)$/, ''));
  for (const name of histograms) known.add(name);
  const named = alertsNamedIn.metrics();
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ metric }) => !known.has(metric))).toEqual([]);
});
