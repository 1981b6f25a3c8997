import { ensureReplication, ensureServiceLogins, loadConfig } from '@singularity-workflow/core';
import { startApp } from '@singularity-workflow/core/nest';
import { type MeshServer, MeshServers, waitFor } from '@singularity-workflow/testkit';
import { MonitorModule } from '../src/monitor.module.js';

jest.setTimeout(300_000);

const PASSWORD = 'a-password-for-tests';
const NAMES = ['eu', 'us'];

interface Monitor {
  readonly region: string;
  readonly get: (path: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

describe('the monitors of two regions', () => {
  let servers: MeshServers;
  const monitors: Monitor[] = [];

  beforeAll(async () => {
    servers = await MeshServers.start(NAMES.length, { wal_sender_timeout: '15s', wal_receiver_timeout: '15s' });
    for (const { db } of servers.servers) {
      await ensureServiceLogins({ adminUrl: db.url() });
      await ensureReplication({ adminUrl: db.url(), password: PASSWORD });
    }
    const regions = JSON.stringify(servers.servers.map((server, index) => entryOf(NAMES[index]!, server)));
    for (const [index, { db }] of servers.servers.entries()) monitors.push(await start(NAMES[index]!, db.url(), regions));
  });

  afterAll(async () => {
    for (const monitor of monitors) await monitor.close();
    await servers?.close();
  });

  function entryOf(id: string, { db }: MeshServer): object {
    const replication = new URL(db.url());
    replication.username = 'region_replicator';
    replication.password = PASSWORD;
    return { id, database: db.url('region_peer'), replication: replication.href };
  }

  async function start(region: string, adminUrl: string, regions: string): Promise<Monitor> {
    const { monitor: url } = await ensureServiceLogins({ adminUrl });
    const config = loadConfig('failover-monitor', {
      DATABASE_URL: url,
      PORT: '0',
      LOG_LEVEL: 'silent',
      LEASE_TTL_MS: '3000',
      REGION: region,
      REGIONS: regions,
    });
    const { app, address } = await startApp(MonitorModule.forRoot(config), config);
    return { region, get: async (path) => (await fetch(`${address}${path}`)).text(), close: () => app.close() };
  }

  it('found the mesh and link it by themselves; a row travels, and /metrics shows the links', async () => {
    for (const { region, get } of monitors) {
      const peer = region === 'eu' ? 'us' : 'eu';
      await waitFor(async () => (await get('/metrics')).includes(`region_link_up{peer="${peer}",app="failover-monitor"} 1`), {
        until: `the link from ${region} to ${peer} is up`,
        timeoutMs: 120_000,
      });
    }
    const [eu, us] = servers.databases;
    await eu!.sql(
      `insert into workflow.run_requests (request_id, writer, written_tick, tenant_id, placement_group, request, requested_at)
       values (gen_random_uuid(), workflow.own_member(), 0, 't', 'global/0', '{}', now())`,
    );
    await waitFor(async () => (await us!.sql('select from workflow.run_requests')).length === 1, { until: 'the row has arrived' });
    const metrics = await monitors[0]!.get('/metrics');
    expect(metrics).toMatch(/^region_link_lag_bytes\{peer="us",[^}]+\} \d+$/m);
    expect(metrics).toMatch(/^region_link_errors\{peer="us",[^}]+\} 0$/m);
    expect(metrics).toMatch(/^region_link_updates_missing\{peer="us",[^}]+\} 0$/m);
  });

  it('say in /health what is wrong with the server, and which link waits for what', async () => {
    const [eu] = monitors;
    const mesh = async () => (JSON.parse(await eu!.get('/health')) as { details: { mesh: object } }).details.mesh;
    expect(await mesh()).toMatchObject({ waiting: [], wrongSettings: [expect.stringMatching(/^max_slot_wal_keep_size is -1/)] });
    await servers.servers[1]!.server.crash();
    await waitFor(async () => JSON.stringify(await mesh()).includes('us does not answer'), { until: 'the dead peer is named' });
    await waitFor(async () => /^region_links_waiting\{[^}]+\} 1$/m.test(await eu!.get('/metrics')), { until: 'it is counted' }); // a moment after /health
    await servers.servers[1]!.server.restart();
    await waitFor(async () => JSON.stringify(await mesh()).includes('"waiting":[]'), { until: 'it is back', timeoutMs: 120_000 });
  });
});
