// What routers take: submissions over HTTP, one run each, by many callers at once, to 1 and to 2 router processes; nobody executes. Beside it, in the
// same round, an endpoint of the same processes that does nothing: what HTTP alone costs here. The callers run on the same machine, and the
// share of them is told.
import { ensureServiceLogins } from '@singularity-workflow/core';
import type { Contestant } from '../contest.js';
import { Sql } from '../database.js';
import { coresUsed, readBackends, readInstant } from '../measure/counters.js';
import { percentile } from '../measure/statistics.js';
import { setting } from '../peers/peer.js';
import { load, type LoadReport, requestOf } from '../scaling/http-load.js';
import { RouterProcess } from '../scaling/router-process.js';
import { chain } from '../shape.js';
import { type RoundReport, siteOf, type Stand, type Trial, type Workload } from './workload.js';

const ROUTERS = [1, 2];
const CALLERS = 128;
/** Of the time of a round, for the endpoint that does nothing. */
const NOOP_SHARE = 0.5;
const SHAPE = chain(3);
const NOOP = requestOf('GET', '/health/live');
const SUBMISSION = requestOf('POST', '/api/workflows', { tenant_id: 'bench', workflow: 'bench', input: { run: 1 } });
const STORED = 'select count(*) from workflow.workflow_runs';

export const scalingRouters: Workload = {
  name: 'scalingRouters',
  title: `submissions of 3-step runs over HTTP, one by one by ${CALLERS} callers, to 1 and 2 routers`,
  shape: SHAPE,
  entrants: async (contestants) => contestants.filter(({ key, peer }) => key === 'ours' && peer.name === 'ours').flatMap(withRouters),
  open: (stand) => RoutersTrial.open(stand),
};

const withRouters = ({ peer }: Contestant): Contestant[] =>
  ROUTERS.map((routers) => ({
    key: `routers${routers}`,
    label: `${routers} router${routers > 1 ? 's' : ''}`,
    peer,
    settings: { routers, callers: CALLERS },
  }));

class RoutersTrial implements Trial {
  private constructor(
    private readonly stand: Stand,
    private readonly routers: readonly RouterProcess[],
    private readonly sql: Sql,
  ) {}

  static async open(stand: Stand): Promise<Trial> {
    const feeder = await stand.peer.feeder(siteOf(stand, SHAPE)); // registers the definition
    await feeder.close();
    const { router } = await ensureServiceLogins({ adminUrl: stand.url });
    const routers: RouterProcess[] = [];
    try {
      while (routers.length < setting(stand.settings, 'routers')) routers.push(await RouterProcess.start(router));
    } catch (error) {
      await Promise.all(routers.map((one) => one.stop()));
      throw error;
    }
    return new RoutersTrial(stand, routers, new Sql(stand.url));
  }

  async warmUp(): Promise<void> {
    await this.round();
  }

  async round(): Promise<RoundReport> {
    const { sql, stand } = this;
    const ms = stand.sizes.seconds * 1_000;
    const noop = await this.call(NOOP, ms * NOOP_SHARE);
    const before = { stored: await sql.number(STORED), routersMs: this.cpuMs, client: process.cpuUsage() };
    const from = await readInstant(sql, stand.postmasterPid);
    const calls = await this.call(SUBMISSION, ms);
    const to = await readInstant(sql, stand.postmasterPid);
    const { user, system } = process.cpuUsage(before.client);
    const client = (user + system) / 1_000;
    const node = this.cpuMs === null || before.routersMs === null ? null : this.cpuMs - before.routersMs;
    const stored = (await sql.number(STORED)) - before.stored;
    const each = (whole: number | null): number | null => (whole === null ? null : whole / calls.answered);
    return {
      metrics: {
        runsPerSecond: calls.perSecond,
        p50Ms: percentile(calls.latenciesMs, 50),
        p99Ms: percentile(calls.latenciesMs, 99),
        noopPerSecond: noop.perSecond,
        walBytesPerRun: each(to.walBytes - from.walBytes),
        databaseCpuMsPerRun: each(to.databaseCpuMs === null || from.databaseCpuMs === null ? null : to.databaseCpuMs - from.databaseCpuMs),
        nodeCpuMsPerRun: each(node),
        ...coresUsed(from, to, { node, client }),
        ...(await readBackends(sql)),
        processMiB: this.peakMiB,
      },
      mistakes: [...refusals('the no-op', noop), ...refusals('submissions', calls), ...differences(stored, calls.answered)],
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.routers.map((router) => router.stop()), this.sql.close()]);
  }

  private call(request: Buffer, forMs: number): Promise<LoadReport> {
    return load({ ports: this.routers.map(({ port }) => port), request, callers: setting(this.stand.settings, 'callers'), forMs });
  }

  /** Of all routers together. */
  private get cpuMs(): number | null {
    return this.routers.reduce<number | null>((sum, { cpuMs }) => (sum === null || cpuMs === null ? null : sum + cpuMs), 0);
  }

  private get peakMiB(): number | null {
    const peaks = this.routers.map(({ peakMiB }) => peakMiB).filter((mib) => mib !== null);
    return peaks.length === 0 ? null : Math.max(...peaks);
  }
}

const refusals = (what: string, { refused }: LoadReport): string[] =>
  Object.entries(refused).map(([status, times]) => `${times} of ${what} were answered with ${status}`);

const differences = (stored: number, answered: number): string[] =>
  stored === answered ? [] : [`${answered} submissions were accepted and ${stored} are stored`];
