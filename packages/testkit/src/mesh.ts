// Several regions on one server: a database each, every one a member of its own. Links between them need servers of their own (mesh-servers.ts); what is
// called between regions needs only this.
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from './database.js';

const MONITOR_LEASE = 'failover-monitor';
const LEASE_MS = 600_000;

export interface TestRegion {
  readonly region: string;
  readonly zone: string;
  readonly db: TestDatabase;
  /** The id of its database as a member; another one after each reset. */
  memberId: string;
  /** Of the lease `failover-monitor` there, which the test holds. */
  token: number;
}

/** What goes with every call from one region to another (check_call). */
export interface Call {
  readonly mesh_id: string;
  readonly from: string;
  readonly to: string;
}

export class TestMesh {
  meshId = '';

  constructor(readonly regions: readonly TestRegion[]) {}

  at(region: string): TestRegion {
    const found = this.regions.find((one) => one.region === region);
    if (!found) throw new Error(`there is no region ${region} in this mesh`);
    return found;
  }

  call(from: string, to: string): Call {
    return { mesh_id: this.meshId, from: this.at(from).memberId, to: this.at(to).memberId };
  }

  /** Calls a function of the decision plane at `to` as region `from` does; the answer is the function's jsonb. */
  async ask<T = Record<string, unknown>>(fn: string, [from, to]: readonly [string, string], args: unknown[]): Promise<T> {
    const [row] = await this.at(to)
      .db.as('region_peer')
      .call<Record<string, T>>(fn, [this.call(from, to), ...args]);
    return row![fn]!;
  }

  /** Calls a function of a region's own monitor, with its token. */
  async own<T = unknown>(region: string, fn: string, args: unknown[] = []): Promise<T> {
    const { db, token } = this.at(region);
    const [row] = await db.as('workflow_monitor').call<Record<string, T>>(fn, [token, ...args]);
    return row![fn]!;
  }

  /** Epoch 1, written in every database. */
  async found(among = this.regions.map(({ region }) => region)): Promise<void> {
    const members = among.map((name) => ({ region: name, member_id: this.at(name).memberId, zone: this.at(name).zone }));
    for (const name of among) this.meshId = await this.own<string>(name, 'found_mesh', [name, JSON.stringify(members)]);
  }

  /** Every database as a fresh install, each another member than before, and its monitor's lease taken. */
  async reset(): Promise<void> {
    this.meshId = '';
    for (const region of this.regions) {
      await region.db.reset();
      await region.db.sql('update workflow.installation set member_id = $1', [(region.memberId = randomUUID())]);
      const [lease] = await region.db.call<{ token: number }>('acquire_lease', [MONITOR_LEASE, randomUUID(), LEASE_MS]);
      region.token = lease!.token;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.regions.map(({ db }) => db.close()));
  }
}

/** `regions`: names, with a zone where they have one (`eu/de`: zone eu, region de). */
export async function createTestMesh(regions: readonly string[]): Promise<TestMesh> {
  const made: TestRegion[] = [];
  for (const name of regions) {
    const [first, second] = name.split('/') as [string, string?];
    made.push({
      region: second ?? first,
      zone: second === undefined ? 'global' : first,
      db: await createTestDatabase(),
      memberId: '',
      token: 0,
    });
  }
  return new TestMesh(made);
}

/** Jest's hooks around a mesh, as useTestDatabase: made before the first test of a file, reset before each, dropped after the last. */
export function useTestMesh(regions: readonly string[]): TestMesh {
  let current: TestMesh | undefined;
  beforeAll(async () => {
    current = await createTestMesh(regions);
  });
  beforeEach(async () => {
    await current?.reset();
  });
  afterAll(async () => {
    await current?.close();
  });
  return new Proxy({} as TestMesh, {
    get(_, property) {
      if (!current) throw new Error('the mesh of this suite is made in beforeAll: use it inside a test');
      const value: unknown = Reflect.get(current, property, current);
      return typeof value === 'function' ? value.bind(current) : value;
    },
    set(_, property, value: unknown) {
      return current !== undefined && Reflect.set(current, property, value, current);
    },
  });
}
