// What it costs that several regions decide together: how long a decision takes (a ballot among all members, learned by all), how long a round of grants
// takes that keeps a region's lease, and what the members' monitors cost when nothing happens. With 3 and with 7 members: databases of one server, so neither
// distance nor more than one disk is in it; a decision waits for two ways to the majority and back, a round of grants for one.
import { Ballots, type Duty, LeaseStore, type TopologyValue } from '@singularity-workflow/core';
import type { Contestant } from '../contest.js';
import { Sql } from '../database.js';
import { msBetween, nowNs, pause } from '../measure/clock.js';
import { readInstant } from '../measure/counters.js';
import { percentile, type Round } from '../measure/statistics.js';
import { setting } from '../peers/peer.js';
import { Neighbours } from '../regions/neighbours.js';
import { MONITOR_LEASE, type Region } from '../regions/region.js';
import { chain } from '../shape.js';
import type { RoundReport, Stand, Trial, Workload } from './workload.js';

const MEMBERS = [3, 7];
const SHAPE = chain(1);
const TOKEN_MS = 600_000;
const GRANTS_PER_DECISION = 2;

export const regionsDecisions: Workload = {
  name: 'regionsDecisions',
  title: 'decisions and grants among 3 and 7 regions, and what they cost at rest',
  shape: SHAPE,
  entrants: async (contestants) => contestants.filter(({ key, peer }) => key === 'ours' && peer.name === 'ours').flatMap(entrantsOf),
  open: async (stand) => new DecisionsTrial(stand, await Neighbours.open(stand, setting(stand.settings, 'members'), SHAPE)),
};

const entrantsOf = ({ peer }: Contestant): Contestant[] =>
  MEMBERS.map((members) => ({ key: `members${members}`, label: `${members} regions`, peer, settings: { members } }));

class DecisionsTrial implements Trial {
  private readonly sql: Sql;
  private decided = 0;
  private readonly mistakes: string[] = [];

  constructor(
    private readonly stand: Stand,
    private readonly neighbours: Neighbours,
  ) {
    this.sql = new Sql(stand.url);
  }

  async warmUp(): Promise<void> {
    await this.round();
  }

  async round(): Promise<RoundReport> {
    return { metrics: { ...(await this.decide()), ...(await this.rest()) }, mistakes: this.mistakes.splice(0) };
  }

  async close(): Promise<void> {
    await this.sql.close();
    await this.neighbours.close();
  }

  /** By one region, in place of its monitor. Each of the others has asked it just now, or it would grant nothing. */
  private async decide(): Promise<Round> {
    const leading = await Promise.all(this.neighbours.mesh.regions.map(lead));
    const [{ region, token, grants }] = leading as [Leading];
    for (const other of leading) await granted(other);
    const decisionsMs: number[] = [];
    const grantsMs: number[] = [];
    await region.sql.run('update workflow.region_lease set expires_at = null');
    for (let sample = 0; sample < this.stand.sizes.latencySamples; sample += 1) {
      decisionsMs.push(await timed(() => this.decideOne(region, token)));
      for (let round = 0; round < GRANTS_PER_DECISION; round += 1) grantsMs.push(await timed(() => granted({ grants, token })));
    }
    if (!(await region.isLive())) this.mistakes.push('the region won no lease');
    for (const one of leading) await one.resign();
    return {
      decisionP50Ms: percentile(decisionsMs, 50),
      decisionP99Ms: percentile(decisionsMs, 99),
      grantP50Ms: percentile(grantsMs, 50),
      grantP99Ms: percentile(grantsMs, 99),
    };
  }

  private async decideOne(region: Region, token: number): Promise<void> {
    const { peers, regions, reader } = region.deciding;
    const mesh = (await reader.mesh())!;
    const [members, placement] = await Promise.all([reader.members(), reader.placement()]);
    this.decided += 1;
    const tenants = [{ tenant_id: `decided-${this.decided}` }];
    const wanted: TopologyValue = { version: 1, kind: 'register', by: region.memberId, tenants };
    const proposal = { token, meshId: mesh.meshId, self: mesh.memberId, epoch: mesh.lastEpoch + 1, members, placement, wanted };
    const result = await new Ballots({ peers, regions }).decide(proposal);
    if (!result.decided) this.mistakes.push(`nothing was decided: ${result.sentence}`);
    else if (result.acceptances < members.length / 2) this.mistakes.push(`${result.acceptances} regions accepted`);
  }

  /** All monitors work and nothing happens. What the server takes without them is left out; this process does nothing else. */
  private async rest(): Promise<Round> {
    const { mesh } = this.neighbours;
    const seconds = Math.max(this.stand.sizes.seconds, 0.5);
    const idle = await this.spend(seconds / 2);
    await mesh.live();
    try {
      await pause(1_000); // the first round of each is over
      const live = await this.spend(seconds);
      const more = (metric: keyof Spent): number | null =>
        live[metric] === null || idle[metric] === null ? null : live[metric] - idle[metric];
      return { restDatabaseMsPerSecond: more('databaseMs'), restNodeMsPerSecond: more('nodeMs'), restWalPerSecond: more('walBytes') };
    } finally {
      await mesh.rest();
    }
  }

  /** Per second. */
  private async spend(seconds: number): Promise<Spent> {
    const from = await readInstant(this.sql, this.stand.postmasterPid);
    const node = process.cpuUsage();
    await pause(seconds * 1_000);
    const { user, system } = process.cpuUsage(node);
    const to = await readInstant(this.sql, this.stand.postmasterPid);
    const took = (to.atMs - from.atMs) / 1_000;
    const database = from.databaseCpuMs === null || to.databaseCpuMs === null ? null : to.databaseCpuMs - from.databaseCpuMs;
    return {
      databaseMs: database === null ? null : database / took,
      nodeMs: (user + system) / 1_000 / took,
      walBytes: (to.walBytes - from.walBytes) / took,
    };
  }
}

interface Spent {
  readonly databaseMs: number | null;
  readonly nodeMs: number | null;
  readonly walBytes: number | null;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const fromNs = nowNs();
  await work();
  return msBetween(fromNs, nowNs());
}

interface Leading {
  readonly region: Region;
  readonly token: number;
  readonly grants: Duty;
  readonly resign: () => Promise<unknown>;
}

/** In place of its monitor. */
async function lead(region: Region): Promise<Leading> {
  const leases = new LeaseStore(region.database);
  const hold = { name: MONITOR_LEASE, holder: crypto.randomUUID() };
  const { token } = await leases.acquire({ ...hold, ttlMs: TOKEN_MS });
  const grants = region.duties.duties.find(({ name }) => name === 'region lease')!;
  return { region, token, grants, resign: () => leases.release({ ...hold, token }) };
}

/** A round of grants for the region. */
async function granted({ grants, token }: Pick<Leading, 'grants' | 'token'>): Promise<void> {
  await grants.tick(token, new AbortController().signal);
}
