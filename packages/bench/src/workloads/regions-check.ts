// What it costs a region to check at every claim and report whether it is the home of what it writes, and to hold its homes where they are: 3-step chains with
// the check and without (check-of-homes.ts), one after the other in the same tables, in turns. In a lone region, and in a member of a mesh of three with a
// live lease; without links, whose work would drown what is looked for.
import type { Contestant } from '../contest.js';
import { Sql } from '../database.js';
import type { Round } from '../measure/statistics.js';
import { setting } from '../peers/peer.js';
import { CheckOfHomes } from '../regions/check-of-homes.js';
import { TENANTS } from '../regions/mesh.js';
import { Neighbours } from '../regions/neighbours.js';
import { chain } from '../shape.js';
import { throughput } from './throughput.js';
import type { RoundReport, Stand, Trial, Workload } from './workload.js';

const SHAPE = chain(3);
const MEMBERS = [1, 3];
/** In a round; each is one with the check and one without. */
const PAIRS = 2;
const SHARE = 0.5;

const chains = throughput({ name: 'regionsCheck', title: '', shape: SHAPE });

export const regionsCheck: Workload = {
  name: 'regionsCheck',
  title: '3-step chains with the check of homes and without it',
  shape: SHAPE,
  entrants: async (contestants) => contestants.filter(({ key, peer }) => key === 'ours' && peer.name === 'ours').flatMap(entrantsOf),
  open: (stand) => CheckTrial.open(stand),
};

const entrantsOf = ({ peer, settings }: Contestant): Contestant[] =>
  MEMBERS.map((members) => ({
    key: members === 1 ? 'checkAlone' : 'checkInMesh',
    label: members === 1 ? 'check, region alone' : 'check, member of a mesh',
    peer,
    settings: { ...settings, members, workers: 1 },
  }));

class CheckTrial implements Trial {
  private pairs = 0;

  private constructor(
    private readonly neighbours: Neighbours | null,
    private readonly sql: Sql,
    private readonly check: CheckOfHomes,
    private readonly inner: Trial,
  ) {}

  static async open(stand: Stand): Promise<Trial> {
    const members = setting(stand.settings, 'members');
    const neighbours = members === 1 ? null : await Neighbours.open(stand, members, SHAPE);
    const tenants =
      neighbours === null
        ? Array.from({ length: TENANTS }, (_, at) => `bench-${at}`)
        : await neighbours.mesh.tenantsOf(neighbours.mesh.at(0));
    const sizes = { ...stand.sizes, seconds: stand.sizes.seconds * SHARE };
    const sql = new Sql(stand.url);
    return new CheckTrial(neighbours, sql, await CheckOfHomes.of(sql), await chains.open({ ...stand, tenants, sizes }));
  }

  async warmUp(): Promise<void> {
    await this.whileLive(() => this.inner.warmUp());
  }

  async round(): Promise<RoundReport> {
    const checked: Round[] = [];
    const unchecked: Round[] = [];
    const mistakes: string[] = [];
    await this.whileLive(async () => {
      for (let pair = 0; pair < PAIRS; pair += 1) {
        this.pairs += 1;
        for (const with_ of this.pairs % 2 === 1 ? [true, false] : [false, true]) {
          if (!with_) await this.check.takeOut();
          const report = await this.inner.round();
          if (!with_) await this.check.putBack();
          (with_ ? checked : unchecked).push(report.metrics);
          mistakes.push(...report.mistakes);
        }
      }
    });
    return { metrics: compared(checked, unchecked), mistakes };
  }

  async close(): Promise<void> {
    await Promise.all([this.inner.close(), this.sql.close()]);
    await this.neighbours?.close();
  }

  private async whileLive(work: () => Promise<void>): Promise<void> {
    await this.neighbours?.mesh.live();
    try {
      await work();
    } finally {
      await this.neighbours?.mesh.rest();
    }
  }
}

/** Means of the pairs of one round. Cost: how much more it is with the check, as a share of what it is without. */
function compared(checked: readonly Round[], unchecked: readonly Round[]): Round {
  const mean = (rounds: readonly Round[], metric: string): number =>
    rounds.reduce((sum, round) => sum + (round[metric] ?? Number.NaN), 0) / rounds.length;
  const rate = { checked: mean(checked, 'stepsPerSecond'), unchecked: mean(unchecked, 'stepsPerSecond') };
  const cpu = { checked: mean(checked, 'databaseCpuMsPerStep'), unchecked: mean(unchecked, 'databaseCpuMsPerStep') };
  const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return {
    stepsPerSecond: rate.checked,
    uncheckedStepsPerSecond: rate.unchecked,
    throughputLost: 1 - rate.checked / rate.unchecked,
    databaseCpuMsPerStep: known(cpu.checked),
    uncheckedCpuMsPerStep: known(cpu.unchecked),
    cpuMore: known(cpu.checked / cpu.unchecked - 1),
  };
}
