// Three regions with real links, each with the lease, and what tests of homes do with them. Decisions are put into the log by hand; whoever is cut off
// does not learn them until it is told.
import { type TestWorker, waitFor } from '@singularity-workflow/testkit';
import { silentLogger } from '../../src/domain/index.js';
import { Adoption } from '../../src/regions/index.js';
import { HomeStore } from '../../src/store/index.js';
import { type LinkedRegion, LinkedRegions } from './linked-regions.js';

const TABLES = ['workflow_runs', 'step_states', 'step_tasks', 'step_attempts', 'run_deletions', 'workflow_schedules', 'group_adoptions'];
const CHAIN = { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] };
const PATIENCE_MS = 60_000;

export class HomedRegions {
  private constructor(
    readonly linked: LinkedRegions,
    /** Tenants of different groups, by their home. */
    readonly tenants: Readonly<Record<string, string[]>>,
  ) {}

  /** eu, us and ap in one mesh, all links whole, workflow `w` (a, then b) known everywhere. */
  static async start(): Promise<HomedRegions> {
    const linked = await LinkedRegions.start(3, { settings: { transaction_timeout: '300s' } });
    try {
      await linked.found();
      await linked.link();
      for (const region of linked.regions) {
        await grantLease(region);
        await region.db.make.define(CHAIN); // as executors of each region do
      }
      const homes = await linked.regions[0]!.db.sql<{ region: string; tenants: string[] }>(
        `select h.region, array_agg(h.tenant_id order by h.tenant_id) as tenants
           from (select distinct on (h.placement_group) h.* from workflow.home_of(array(select 't' || i from generate_series(1, 60) i)) h) h
          group by h.region`,
      );
      return new HomedRegions(linked, Object.fromEntries(homes.map((home) => [home.region, home.tenants])));
    } catch (error) {
      await linked.close();
      throw error;
    }
  }

  at(name: string): LinkedRegion {
    return this.linked.at(name);
  }

  get regions(): readonly LinkedRegion[] {
    return this.linked.regions;
  }

  async groupOf(tenant: string): Promise<string> {
    return (await this.regions[0]!.db.sql<{ g: string }>('select workflow.group_of($1) as g', [tenant]))[0]!.g;
  }

  /** Takes a tenant's group from a region to another; the one that it is taken from does not know it until it is told. */
  async takeOver(from: LinkedRegion, to: LinkedRegion, tenant: string) {
    const value = { kind: 'takeover', from: from.memberId, groups: { [await this.groupOf(tenant)]: to.memberId } };
    const others = this.regions.filter((region) => region !== from);
    const epoch = await this.linked.decide(value, others);
    return {
      epoch,
      learnedBy: ({ db }: LinkedRegion) =>
        db.sql('select workflow.learn_entry($1, $2, now())', [epoch, JSON.stringify({ version: 1, ...value })]),
    };
  }

  /** The subscription of `at` to the stream of `of`. */
  async linkAt({ db }: LinkedRegion, of: LinkedRegion): Promise<string> {
    return (await db.sql<{ name: string }>('select workflow.subscription_of($1) as name', [of.memberId]))[0]!.name;
  }

  /** The links from a region, at both others. */
  async switchLinksFrom(from: LinkedRegion, how: 'enable' | 'disable'): Promise<void> {
    for (const at of this.regions.filter((region) => region !== from)) {
      const link = await this.linkAt(at, from);
      await at.db.sql(`alter subscription ${link} ${how}`);
      if (how === 'enable') continue;
      const workers = () => at.db.sql('select from pg_stat_subscription where subname = $1 and pid is not null', [link]);
      await waitFor(async () => (await workers()).length === 0, { until: 'the worker is gone', timeoutMs: PATIENCE_MS });
    }
  }

  /** Waits until all regions hold the same rows in all tables that travel. */
  async areEqual(): Promise<void> {
    const differing = async (): Promise<string[]> => {
      const [first, ...others] = await Promise.all(this.regions.map(contents));
      return TABLES.filter((table) => others.some((other) => JSON.stringify(other[table]) !== JSON.stringify(first![table])));
    };
    const until = 'all regions hold the same rows';
    await waitFor(async () => (await differing()).length === 0, { until, timeoutMs: PATIENCE_MS, everyMs: 100 }).catch(
      async (error: unknown) => {
        throw new Error(`${(error as Error).message}; differing: ${(await differing()).join(', ')}`, { cause: error });
      },
    );
  }

  close(): Promise<void> {
    return this.linked.close();
  }
}

export const grantLease = ({ db }: LinkedRegion) =>
  db.sql(
    `update workflow.region_lease set lease_ms = 600000, expires_at = now() + interval '10 minutes', server_started_at = pg_postmaster_start_time()`,
  );

export const start = ({ db }: LinkedRegion, tenant: string): Promise<string> => db.make.start('w', { n: 1 }, { tenant_id: tenant });

export async function finishAll(worker: TestWorker): Promise<void> {
  for (let tasks = await worker.claim(); tasks.length > 0; tasks = await worker.claim())
    for (const task of tasks) await worker.complete(task, `by ${task.step_slug}`);
}

export const has = ({ db }: LinkedRegion, runId: string, status = 'started') =>
  waitFor(
    async () => (await db.sql('select from workflow.workflow_runs where run_id = $1 and status = $2', [runId, status])).length === 1,
    { until: `run ${runId} is ${status}`, timeoutMs: PATIENCE_MS },
  );

/** What the monitor does after a takeover. */
export async function adopt({ monitor, token }: LinkedRegion): Promise<void> {
  const adoption = new Adoption({ homes: new HomeStore(monitor), logger: silentLogger, notify: () => undefined });
  while ((await adoption.tick(token)) === 'more');
}

async function contents({ db }: LinkedRegion): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const table of TABLES) {
    const [row] = await db.sql<{ rows: unknown }>(
      `select jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text) as rows from workflow.${table} t`,
    );
    all[table] = row!.rows;
  }
  return all;
}
