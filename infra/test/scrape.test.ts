// A real Prometheus, with the repository's rules, over a real region. Slow (half a minute), and skipped where Prometheus is missing.
import { waitFor } from '@singularity-workflow/testkit';
import { queries } from './prometheus-files.js';
import { PrometheusServer } from './prometheus-server.js';
import { askedBy } from './promql.js';
import { Region } from './region.js';
import { describeWith, programPath } from './tools.js';

const program = programPath('prometheus');

/** These have no value until something goes wrong, or a Prometheus has seen it twice; those of peers and slots not in a region that has none. */
const SHOWN_LATER = new Set([
  'workflow_stuck_tasks',
  'orchestrator_failovers_total',
  'postgres_replication_lag_bytes',
  'postgres_slot_retained_bytes',
  'postgres_slot_lost',
  'workflow_forwards_total',
]);
/** A region alone shows nothing of a mesh (the failover-monitor's test has those of one that is in a mesh). */
const OF_A_MESH = /^region_/;

interface Alerting {
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>>; readonly state: string }[];
}

describeWith('prometheus', program === null ? null : [program], () => {
  it('scrapes all four services, answers every rule and panel, and tells of a killed executor', async () => {
    const region = new Region();
    let prometheus: PrometheusServer | null = null;
    try {
      const services = await region.ready();
      const targets = Object.fromEntries(Object.entries(services).map(([name, { url }]) => [name, url.replace('http://', '')]));
      prometheus = await PrometheusServer.start(program!, targets);
      const server = prometheus;
      const valueOf = async (expr: string) => Number((await server.query(expr))[0]?.value[1] ?? Number.NaN);
      await waitFor(() => server.isReady(), { until: 'Prometheus is ready' });
      await waitFor(async () => (await valueOf('sum(up)')) === 4, { until: 'all four services are scraped', timeoutMs: 120_000 });

      const body = JSON.stringify({ tenant_id: 'demo', workflow: 'greet', input: { name: 'Ada' } });
      const started = await fetch(`${services['router']!.url}/api/workflows?wait=30s`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(await started.json()).toMatchObject({ status: 'completed' });
      await waitFor(async () => (await valueOf('sum(workflow_tasks_total{outcome="completed"})')) > 0, { until: 'the task is counted' });
      await waitFor(async () => (await valueOf('sum(orchestrator_leader)')) === 2, { until: 'both leaders are seen' });

      for (const { expr } of queries()) await server.query(expr); // throws with the expression
      await expect(server.query('sum by (name orchestrator_leader')).rejects.toThrow('parse error');
      const metrics = new Set(queries().flatMap(({ expr }) => askedBy(expr).asked.map(({ metric }) => metric)));
      const unseen = [];
      for (const metric of metrics) {
        if (SHOWN_LATER.has(metric) || OF_A_MESH.test(metric)) continue;
        if ((await server.query(metric)).length === 0) unseen.push(metric);
      }
      expect(unseen).toEqual([]);

      process.kill(region.services()['executor']!.pid, 'SIGKILL');
      const firing = async () => (await server.get<Alerting>('alerts')).data.alerts.filter(({ state }) => state === 'firing');
      await waitFor(async () => (await firing()).some(({ labels }) => labels['alertname'] === 'WorkflowWorkerLost'), {
        until: 'the loss of the executor is told',
        timeoutMs: 120_000,
      });
    } finally {
      await prometheus?.stop();
      await region.stop();
    }
  });
});
