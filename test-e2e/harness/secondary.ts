// A secondary of a region: routers over a replica of its database, and the primary's routers for the rest. Its logs lie with those of the region.
import { type Client, createClient } from '@singularity-workflow/sdk/client';
import type { Region } from './region.js';
import type { Service } from './service.js';

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  /** X-Replica-Lag-Ms. */
  readonly lagMs: number;
  /** X-As-Of, in milliseconds since 1970. */
  readonly asOf: number;
}

export class Secondary {
  private constructor(
    readonly router: Service,
    readonly address: string,
    readonly client: Client,
  ) {}

  /** `replicaUrl`: the router's login at the replica; `primary`: addresses of the primary's routers. */
  static async start(
    region: Region,
    at: { replicaUrl: string; primary: readonly string[] },
    env: Record<string, string> = {},
  ): Promise<Secondary> {
    const router = await region.add('router', {
      DATABASE_URL: '',
      DATABASE_READ_URL: at.replicaUrl,
      TOPOLOGY: 'primary-secondary',
      CAN_EXECUTE_WORKFLOWS: 'false',
      PRIMARY_REGION_URL: at.primary.join(','),
      REGION: 'far',
      ...env,
    });
    const address = await router.address();
    return new Secondary(router, address, createClient({ urls: [address] }));
  }

  get(path: string): Promise<Asked> {
    return ask(`${this.address}${path}`);
  }

  post(path: string, body: object, headers: Record<string, string> = {}): Promise<Asked> {
    return ask(`${this.address}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }

  /** The sentences of /health. */
  async reasons(): Promise<string[]> {
    return (await this.get('/health')).body['reasons'] as string[];
  }
}

export async function ask(url: string, init: RequestInit = {}): Promise<Asked> {
  const response = await fetch(url, init);
  const { status, headers } = response;
  const body = (await response.json()) as Record<string, unknown>;
  return { status, headers, body, lagMs: Number(headers.get('x-replica-lag-ms') ?? NaN), asOf: Date.parse(headers.get('x-as-of') ?? '') };
}
