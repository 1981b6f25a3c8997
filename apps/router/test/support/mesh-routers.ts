// A mesh of several regions on one server, each with a database and a router of its own, which forward to each other over HTTP. There are no links between
// the databases: a test carries over what replication would have brought (`carry`).
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type TestMesh, useTestMesh, waitFor } from '@singularity-workflow/testkit';
import { Keyring } from '../../src/keys/keyring.js';
import { freePortOf, RouterClient, startRouter } from './router.js';

export const SECRET = 'a-secret-that-all-regions-have-0123456789';
const LEASE_MS = 600_000;

/** Tables that travel, parents first. */
const TRAVELLING = [
  'workflow_definitions',
  'workflow_runs',
  'step_states',
  'step_tasks',
  'step_attempts',
  'stream_ledger',
  'run_requests',
  'run_request_outcomes',
] as const;

export class MeshRouters {
  private readonly apps = new Map<string, NestFastifyApplication>();
  private readonly ports = new Map<string, number>();
  private readonly tenants = new Map<string, string[]>();

  constructor(
    readonly mesh: TestMesh,
    private readonly names: readonly string[],
    private readonly env: Record<string, string>,
  ) {}

  client(region: string): RouterClient {
    return new RouterClient(`http://127.0.0.1:${this.ports.get(region)}`);
  }

  db(region: string) {
    return this.mesh.at(region).db;
  }

  /** A tenant that is at home there. */
  tenantOf(region: string, nth = 0): string {
    return this.tenants.get(region)![nth]!;
  }

  async startAll(): Promise<void> {
    for (const name of this.names) {
      const session = await this.db(name).session('admin');
      await session.sql(`alter database ${this.db(name).name} set transaction_timeout = '300s'`);
      await session.close();
      this.ports.set(name, await freePortOf());
    }
    for (const name of this.names) await this.start(name);
  }

  /** On the port that it has always had. */
  async start(region: string): Promise<void> {
    const env = {
      HEARTBEAT_INTERVAL_MS: '60000',
      HEARTBEAT_TIMEOUT_MS: '180000',
      REGION: region,
      REGIONS: JSON.stringify(this.addresses()),
      REGION_SECRET: SECRET,
      FORWARD_TIMEOUT_MS: '5000',
      PORT: String(this.ports.get(region)),
      ...this.env,
    };
    const { app } = await startRouter(this.db(region).url('workflow_router'), env);
    this.apps.set(region, app);
  }

  async stop(region: string): Promise<void> {
    await this.apps.get(region)?.close();
    this.apps.delete(region);
  }

  /** A router remembers for a second that there are keys: the next test begins without. */
  forgetKeys(): void {
    for (const app of this.apps.values()) app.get(Keyring).forget();
  }

  /** The mesh is founded and every region has a lease. */
  async found(): Promise<void> {
    await this.mesh.found();
    for (const name of this.names) await this.setLease(name, true);
    await this.dealTenants();
  }

  async setLease(region: string, live: boolean): Promise<void> {
    await this.db(region).sql(
      `update workflow.region_lease set lease_ms = $1::int, epoch = 1, server_started_at = pg_postmaster_start_time(),
              expires_at = case when $2 then workflow.clock() + $1::int * interval '1 millisecond' end`,
      [LEASE_MS, live],
    );
  }

  /** The tenant's group has moved, and its new home has adopted it: as these regions know. */
  async move(tenant: string, to: string, epoch: number, among: readonly string[] = this.names): Promise<void> {
    for (const name of among) {
      await this.db(name).sql(
        `update workflow.placement set region = $2, member_id = $3, tenure = $4 where placement_group = workflow.group_of($1)`,
        [tenant, to, this.mesh.at(to).memberId, epoch],
      );
      await this.db(name).sql(
        `insert into workflow.group_adoptions (placement_group, home_epoch, region, member_id, written_tick, adopted_at)
         values (workflow.group_of($1), $4, $2, $3, 0, workflow.clock())`,
        [tenant, to, this.mesh.at(to).memberId, epoch],
      );
    }
  }

  /** Everything of `from` that travels, as it stands, into `to`. */
  async carry(from: string, to: string): Promise<void> {
    for (const table of TRAVELLING) {
      const rows = await this.db(from).sql<{ row: unknown }>(`select to_jsonb(t) as row from workflow.${table} t`);
      for (const { row } of rows) {
        const session = await this.db(to).session('admin');
        await session.sql(`set session_replication_role = replica`);
        await session.sql(
          `insert into workflow.${table} select n.* from jsonb_populate_record(null::workflow.${table}, $1) n on conflict do nothing`,
          [JSON.stringify(row)],
        );
        await session.close();
      }
    }
  }

  async close(): Promise<void> {
    for (const name of this.names) await this.stop(name);
  }

  private addresses(): object[] {
    return this.names.map((id) => ({
      id,
      database: 'postgres://nobody@127.0.0.1:1/nothing',
      routers: [`http://127.0.0.1:${this.ports.get(id)}`],
    }));
  }

  private async dealTenants(): Promise<void> {
    const names = Array.from({ length: 60 }, (_, i) => `t${i}`);
    const first = this.db(this.names[0]!);
    const homes = await first.sql<{ tenant_id: string; region: string }>('select tenant_id, region from workflow.home_of($1)', [names]);
    for (const name of this.names) {
      this.tenants.set(
        name,
        homes.filter(({ region }) => region === name).map(({ tenant_id: tenant }) => tenant),
      );
    }
  }
}

/** Hooks: databases and routers for all tests of a file; a founded mesh for each. */
export function useMeshRouters(names: readonly string[], env: Record<string, string> = {}): MeshRouters {
  const mesh = useTestMesh(names);
  const routers = new MeshRouters(mesh, names, env);
  beforeAll(async () => {
    await routers.startAll();
    for (const name of names) {
      const isReady = async (): Promise<boolean> => (await routers.client(name).get('/health/ready')).status === 200;
      await waitFor(isReady, { until: `the router of ${name} is ready`, timeoutMs: 30_000 });
    }
  });
  beforeEach(async () => {
    await routers.found();
  });
  afterAll(async () => {
    await routers.close();
  });
  return routers;
}
