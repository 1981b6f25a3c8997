// Every metric of the engine, as the registry itself describes it. Node's own (process_*, nodejs_*) are left out.
import { importSource } from './sources.mjs';
import { code, table } from './tables.mjs';

export async function metrics() {
  const { createMetrics } = await importSource('packages/core/src/telemetry/metrics.ts');
  const { registry: _, ...all } = createMetrics({ processMetrics: false });
  const rows = Object.values(all).map((metric) => [
    code(metric.name),
    metric.constructor.name.toLowerCase(),
    metric.labelNames.length === 0 ? '' : metric.labelNames.map(code).join(' '),
    metric.help,
  ]);
  return table(['metric', 'type', 'labels', 'meaning'], rows);
}
