import { parse } from 'yaml';
import { dashboards } from './prometheus-files.js';
import { textOf } from './tools.js';
import { build } from '../grafana/build.mjs';

it('has the dashboards that dashboards.mjs describes, and no other (`pnpm --filter @singularity-workflow/infra dashboards`)', () => {
  const described = [...build()].map(([file, text]) => [file, JSON.parse(text)]);
  expect(Object.fromEntries(dashboards())).toEqual(Object.fromEntries(described));
});

it('asks the data source that is provisioned, in every panel', () => {
  const { datasources } = parse(textOf('infra/grafana/provisioning/datasources/prometheus.yml')) as { datasources: { uid: string }[] };
  const asked = [...dashboards().values()].flatMap(({ panels }) => panels.map(({ datasource }) => datasource.uid));
  expect([...new Set(asked)]).toEqual(datasources.map(({ uid }) => uid));
});

it('gives every dashboard an address of its own and every panel something to show', () => {
  const all = [...dashboards().values()];
  expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
  for (const { panels } of all) for (const { targets } of panels) expect(targets.length).toBeGreaterThan(0);
});

it('mounts what it provisions where Grafana looks for it', () => {
  const compose = textOf('infra/compose.yaml');
  const { providers } = parse(textOf('infra/grafana/provisioning/dashboards/workflow.yml')) as {
    providers: { options: { path: string } }[];
  };
  for (const { options } of providers) expect(compose).toContain(`./grafana/dashboards:${options.path}:ro`);
});
