// A primary and a secondary as two routers, each over a database of its own: what stands in one and not in the other tells who answered. A copy that
// really follows is the end-to-end scenario's business.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createTestDatabase, type TestDatabase, type TestWorker, waitFor } from '@singularity-workflow/testkit';
import { RouterClient, startRouter } from './router.js';

const RARE_HEARTBEATS = { HEARTBEAT_INTERVAL_MS: '60000', HEARTBEAT_TIMEOUT_MS: '180000' };

export class Pair {
  private secondaryApp!: NestFastifyApplication;
  secondary!: RouterClient;

  private constructor(
    readonly primaryDb: TestDatabase,
    /** Its clock can be moved, so its age can. */
    readonly replicaDb: TestDatabase,
    private primaryApp: NestFastifyApplication,
    public primary: RouterClient,
    /** Heard from at the replica: what tells its age. */
    readonly heard: TestWorker,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<Pair> {
    const [primaryDb, replicaDb] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    const heard = await replicaDb.make.worker();
    const { app, client } = await startRouter(primaryDb.url('workflow_router'), { ...RARE_HEARTBEATS, REGION: 'home' });
    const pair = new Pair(primaryDb, replicaDb, app, client, heard);
    const { app: secondaryApp, client: secondary } = await startSecondary(replicaDb, client.origin, env);
    Object.assign(pair, { secondaryApp, secondary });
    await pair.ready();
    return pair;
  }

  async ready(): Promise<void> {
    const isReady = async (): Promise<boolean> => (await this.secondary.get('/health/ready')).status === 200;
    await waitFor(isReady, { until: 'the secondary is ready', timeoutMs: 30_000 });
  }

  async stopPrimary(): Promise<void> {
    await this.primaryApp.close();
  }

  /** On the address that it had. */
  async startPrimary(): Promise<void> {
    const PORT = new URL(this.primary.origin).port;
    const { app, client } = await startRouter(this.primaryDb.url('workflow_router'), { ...RARE_HEARTBEATS, REGION: 'home', PORT });
    Object.assign(this, { primaryApp: app, primary: client });
  }

  async close(): Promise<void> {
    await this.secondaryApp.close();
    await this.primaryApp.close();
    await Promise.all([this.primaryDb.close(), this.replicaDb.close()]);
  }
}

export function secondaryEnv(replica: TestDatabase, primaryUrl: string): Record<string, string> {
  return {
    TOPOLOGY: 'primary-secondary',
    CAN_EXECUTE_WORKFLOWS: 'false',
    PRIMARY_REGION_URL: primaryUrl,
    DATABASE_READ_URL: replica.url('workflow_router'),
    REGION: 'far',
  };
}

/** As startRouter, of a secondary. */
export function startSecondary(
  replica: TestDatabase,
  primaryUrl: string,
  env: Record<string, string> = {},
): ReturnType<typeof startRouter> {
  return startRouter('', { ...secondaryEnv(replica, primaryUrl), ...env });
}
