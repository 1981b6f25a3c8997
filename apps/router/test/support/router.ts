// A router on a port of its own over a test database, and a client that says what it got.
import { createServer } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '@singularity-workflow/core';
import { startApp } from '@singularity-workflow/core/nest';
import { type TestDatabase, useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { RouterModule } from '../../src/router.module.js';
import { routerOptions } from '../../src/router.options.js';

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

export class RouterClient {
  constructor(readonly origin: string) {}

  async send<Body = Record<string, unknown>>(method: string, path: string, init: RequestInit = {}): Promise<Answer<Body>> {
    const response = await fetch(this.origin + path, { method, ...init });
    const text = await response.text();
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  get<Body = Record<string, unknown>>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.send<Body>('GET', path, { headers });
  }

  post<Body = Record<string, unknown>>(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    if (body === undefined) return this.send<Body>('POST', path, { headers });
    return this.raw<Body>(path, JSON.stringify(body), headers);
  }

  raw<Body = Record<string, unknown>>(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    return this.send<Body>('POST', path, { body, headers: { 'content-type': 'application/json', ...headers } });
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  /** Starts a run of tenant acme and answers its id. */
  async start(workflow: string, input: unknown = {}, rest: object = {}): Promise<string> {
    const { status, body } = await this.post<{ run_id: string }>('/api/workflows', { tenant_id: 'acme', workflow, input, ...rest });
    if (status !== 202) throw new Error(`not started: ${status} ${JSON.stringify(body)}`);
    return body.run_id;
  }
}

export interface TestRouter {
  readonly db: TestDatabase;
  readonly client: RouterClient;
  readonly app: NestFastifyApplication;
}

export function routerConfig(databaseUrl: string, env: Record<string, string> = {}) {
  return loadConfig('router', { DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'silent', ...env });
}

export async function startRouter(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<{ app: NestFastifyApplication; client: RouterClient }> {
  const config = routerConfig(databaseUrl, env);
  const { app, address } = await startApp(RouterModule.forRoot(config), config, routerOptions);
  return { app, client: new RouterClient(address) };
}

/** Between two tests the database is reset under a lock that a heartbeat could be in the way of. */
const RARE_HEARTBEATS = { HEARTBEAT_INTERVAL_MS: '60000', HEARTBEAT_TIMEOUT_MS: '180000' };

/** Hooks: a database and a router for all tests of a file. */
export function useRouter(env: Record<string, string> = {}): TestRouter {
  const db = useTestDatabase();
  const parts: { app?: NestFastifyApplication; client?: RouterClient } = {};
  beforeAll(async () => {
    Object.assign(parts, await startRouter(db.url('workflow_router'), { ...RARE_HEARTBEATS, ...env }));
    const registered = async () => (await db.sql('select from workflow.workflow_workers')).length === 1;
    await waitFor(registered, { until: 'the router is registered' });
  });
  afterAll(async () => {
    await parts.app?.close();
  });
  return {
    db,
    get client() {
      return parts.client!;
    },
    get app() {
      return parts.app!;
    },
  };
}

/** A port on which nobody listens. */
export function freePortOf(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
