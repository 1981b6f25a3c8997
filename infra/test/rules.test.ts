// Prometheus' own tool reads the configuration and tries every alert; and every alert has a page that says what to do.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { alerts, readRules, RULES } from './prometheus-files.js';
import { alertsNamedIn, pages } from './runbooks.js';
import { infra, describeWith, promtool, root, run, textOf } from './tools.js';

const tests = readdirSync(join(infra, 'prometheus/tests')).filter((name) => name.endsWith('.yml'));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workflow-rules-'));
  mkdirSync(join(folder, 'rules'));
  mkdirSync(join(folder, 'tests'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** infra/prometheus in a folder of its own, its rules changed. */
function copyWith(change: (text: string) => string): void {
  writeFileSync(join(folder, 'rules/workflow.yml'), change(textOf(RULES)));
  const token = join(infra, 'docker/development/metrics-token');
  writeFileSync(join(folder, 'prometheus.yml'), textOf('infra/prometheus/prometheus.yml').replace('/run/secrets/metrics_token', token));
  for (const test of tests) writeFileSync(join(folder, 'tests', test), textOf(`infra/prometheus/tests/${test}`));
}

const tool = (...args: string[]) => run([promtool!, ...args], folder);
const tryAlerts = () => tool('test', 'rules', ...tests.map((test) => `tests/${test}`));
const everyExpr = (expr: string) => (text: string) => {
  const rules = parse(text) as ReturnType<typeof readRules>;
  return stringify({ groups: rules.groups.map((group) => ({ ...group, rules: group.rules.map((one) => ({ ...one, expr })) })) });
};

describeWith('promtool', promtool === null ? null : [promtool], () => {
  it('promtool accepts the configuration and the rules', () => {
    copyWith((text) => text);
    expect(tool('check', 'config', 'prometheus.yml')).toMatchObject({ ok: true });
  });

  it('promtool refuses a rule that is no expression, and a setting that does not exist', () => {
    copyWith((text) => text.replace('sum by (name)', 'sum by name'));
    expect(tool('check', 'config', 'prometheus.yml')).toMatchObject({ ok: false });
    copyWith((text) => text);
    writeFileSync(join(folder, 'prometheus.yml'), 'global: { scrape_intervall: 15s }\n');
    expect(tool('check', 'config', 'prometheus.yml')).toMatchObject({ ok: false });
  });

  it('every alert fires when it must and is silent when it must be', () => {
    copyWith((text) => text);
    expect(tryAlerts()).toMatchObject({ ok: true });
  });

  it.each(['vector(0) > 1', 'vector(1)'])('the tries notice it, for each alert, if its expression were %s', (expr) => {
    copyWith(everyExpr(expr));
    const { ok, output } = tryAlerts();
    expect(ok).toBe(false);
    const noticed = new Set([...output.matchAll(/alertname: ?(\w+)/g)].map(([, alert]) => alert));
    expect(alerts().filter(({ alert }) => !noticed.has(alert))).toEqual([]);
  });
});

it('names for every alert a runbook that names the alert, and in runbooks only alerts that there are', () => {
  const names = alerts().map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  const without = alerts().filter(
    ({ alert, annotations: { runbook } }) => !existsSync(join(root, runbook)) || !pages().get(runbook)?.includes(alert),
  );
  expect(without.map(({ alert }) => alert)).toEqual([]);
  expect(alertsNamedIn.alerts().filter(({ alert }) => !names.includes(alert))).toEqual([]);
});

it('gives every alert a severity and a summary', () => {
  for (const { labels, annotations } of alerts()) {
    expect(labels['severity']).toMatch(/^(warning|critical)$/);
    expect(annotations.summary).not.toBe('');
  }
});
