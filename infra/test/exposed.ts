// What the services expose: their own registries, asked, and for each metric the labels that it may carry.
import { APPS, createMetrics } from '@singularity-workflow/core';

/** What Prometheus adds, and the default label of every registry. */
const EVERYWHERE = ['job', 'instance', 'service', 'app'];
const OF_NODE = /^(process_|nodejs_)/;

export interface Exposed {
  readonly labels: ReadonlySet<string>;
  /** Node's own: exposed by prom-client, explained by Node. */
  readonly ofNode: boolean;
}

export function exposedMetrics(): Map<string, Exposed> {
  const found = new Map<string, Exposed>([['up', { labels: new Set(EVERYWHERE), ofNode: true }]]);
  for (const app of APPS) {
    for (const { name, type, labelNames = [] } of described(app)) {
      const series = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name];
      const labels = new Set([...EVERYWHERE, ...labelNames, ...(type === 'histogram' ? ['le'] : [])]);
      for (const one of series) found.set(one, { labels, ofNode: OF_NODE.test(one) });
    }
  }
  return found;
}

interface Described {
  readonly name: string;
  readonly type: string;
  readonly labelNames?: readonly string[];
}

/** prom-client's instances say more than its types promise. */
function described(app: (typeof APPS)[number]): Described[] {
  return createMetrics({ app }).registry.getMetricsAsArray() as unknown as Described[];
}
