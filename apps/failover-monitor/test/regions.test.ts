import { loadConfig } from '@singularity-workflow/core';
import { startApp } from '@singularity-workflow/core/nest';
import { useTestMesh, waitFor } from '@singularity-workflow/testkit';
import { MonitorModule } from '../src/monitor.module.js';

const LIMIT_MS = 150_000;
const mesh = useTestMesh(['eu', 'us']);
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});

interface Health {
  details: { region?: { leaseLeftMs: number | null; regions: string | null } };
}

interface Monitor {
  readonly health: () => Promise<Health>;
  /** Values of its metrics, by name and labels but `app`. */
  readonly metrics: () => Promise<ReadonlyMap<string, number>>;
}

async function start(region: string, env: Record<string, string> = {}): Promise<Monitor> {
  const { db } = mesh.at(region);
  await db.sql('delete from workflow.leases');
  const config = loadConfig('failover-monitor', {
    DATABASE_URL: db.url('workflow_monitor'), PORT: '0', LOG_LEVEL: 'silent', LEASE_TTL_MS: '1000', REGION: region, ...env,
  }); // prettier-ignore
  const { app, address } = await startApp(MonitorModule.forRoot(config), config);
  running.push(app);
  await waitFor(async () => (await fetch(`${address}/health/ready`)).ok, { until: 'the monitor is ready' });
  return {
    health: async () => (await fetch(`${address}/health`)).json() as Promise<Health>,
    metrics: async () => {
      const text = await (await fetch(`${address}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line.startsWith('region_'));
      return new Map(lines.map((line) => [line.replace(/,?app="[^"]*",?|\{app="[^"]*"\}| .*/g, ''), Number(line.split(' ').at(-1))]));
    },
  };
}

it('of two regions found a mesh, hold their leases and say so', async () => {
  const REGIONS = JSON.stringify(mesh.regions.map(({ region, db }) => ({ id: region, database: db.url('region_peer') })));
  const env = { REGIONS, REGION_HEARTBEAT_MS: '200' };
  const [eu, us] = [await start('eu', env), await start('us', env)];
  for (const { health } of [eu, us]) {
    const told = await waitFor(async () => ((await health()).details.region?.leaseLeftMs ?? 0) > 0 && (await health()).details.region, {
      until: 'the region has its lease',
      timeoutMs: 60_000,
    });
    expect(told).toMatchObject({ leaseLeftMs: expect.any(Number) });
  }
  expect(await mesh.at('us').db.sql('select region from workflow.region_members order by region')).toEqual([
    { region: 'eu' },
    { region: 'us' },
  ]);
});

it(
  'show how their regions stand in the mesh, and what was decided',
  async () => {
    const REGIONS = JSON.stringify(mesh.regions.map(({ region, db }) => ({ id: region, database: db.url('region_peer') })));
    const [eu, us] = [
      await start('eu', { REGIONS, REGION_HEARTBEAT_MS: '200' }),
      await start('us', { REGIONS, REGION_HEARTBEAT_MS: '200' }),
    ];
    for (const [region, { metrics }] of [
      ['eu', eu],
      ['us', us],
    ] as const) {
      const of = (name: string): string => `${name}{region="${region}"}`;
      const isThere = async () => ((await metrics()).get(of('region_lease_left_seconds')) ?? 0) > 0;
      await waitFor(isThere, { until: 'the region shows its lease', timeoutMs: 60_000 });
      const shown = await metrics();
      expect(shown.get(of('region_epoch'))).toBeGreaterThan(0);
      expect(shown.get(of('region_groups'))).toBe(128);
      expect([shown.get(of('region_groups_to_adopt')), shown.get('region_lease_lost_total')]).toEqual([0, 0]);
    }
  },
  LIMIT_MS,
);

it('without REGIONS knows no mesh', async () => {
  const { health, metrics } = await start('eu');
  expect((await health()).details.region).toBeUndefined();
  expect([...(await metrics()).keys()].filter((name) => name.startsWith('region_epoch'))).toEqual([]);
  expect(await mesh.at('eu').db.sql('select 1 from workflow.mesh')).toEqual([]);
});
