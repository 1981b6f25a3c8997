// Every metric of the engine, as the registries of the four apps describe it. Node's own (process_*, nodejs_*) are left out.
import { importSource } from './sources.mjs';
import { code, table } from './tables.mjs';

export async function metrics() {
  const { APPS } = await importSource('packages/core/src/config/index.ts');
  const { createMetrics } = await importSource('packages/core/src/telemetry/metrics.ts');
  const exposed = (app) => createMetrics({ app, processMetrics: false }).registry.getMetricsAsArray();
  const byName = new Map();
  for (const app of APPS) {
    for (const { name, type, labelNames = [], help } of exposed(app)) {
      const metric = byName.get(name) ?? { name, type, labelNames, help, apps: [] };
      byName.set(name, { ...metric, apps: [...metric.apps, app] });
    }
  }
  const rows = [...byName.values()].map(({ name, type, labelNames, help, apps }) => [
    code(name),
    type,
    labelNames.map(code).join(' '),
    help,
    apps.length === APPS.length ? 'all' : apps.join(', '),
  ]);
  return table(['metric', 'type', 'labels', 'meaning', 'exposed by'], rows);
}
