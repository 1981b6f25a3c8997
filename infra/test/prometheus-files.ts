// What lies in infra/prometheus and infra/grafana, read.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { infra, textOf } from './tools.js';

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

interface Rules {
  groups: { name: string; rules: Alert[] }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly title: string;
    readonly datasource: { readonly uid: string };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

export const RULES = 'infra/prometheus/rules/workflow.yml';

export const readRules = (): Rules => parse(textOf(RULES)) as Rules;
export const alerts = (): Alert[] => readRules().groups.flatMap(({ rules }) => rules);

export const absentMetrics = (): { metric: string; alert: string; until: string }[] =>
  parse(textOf('infra/prometheus/absent.yml')) as { metric: string; alert: string; until: string }[];

export function dashboards(): Map<string, Dashboard> {
  const files = readdirSync(join(infra, 'grafana/dashboards'));
  return new Map(files.map((file) => [file, JSON.parse(textOf(`infra/grafana/dashboards/${file}`)) as Dashboard]));
}

export interface Query {
  readonly where: string;
  readonly expr: string;
}

/** Every expression that asks Prometheus for something; Grafana's variables filled in. */
export function queries(): Query[] {
  const rules = alerts().map(({ alert, expr }) => ({ where: alert, expr }));
  const panels = [...dashboards()].flatMap(([file, { panels: all }]) =>
    all.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ where: `${file}: ${title}`, expr: expr.replaceAll('$__rate_interval', '1m') })),
    ),
  );
  return [...rules, ...panels];
}
