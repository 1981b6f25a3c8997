// How long a submission takes whose answer says that it is durable at home (`local`), and one that waits until another region has it too (`quorum`): by one
// client, and by 50 at once. As the router does it: `start_runs`, then one wait for all who wait. Three regions with real links on one machine, so no
// distance is in it: add the way to the nearest region and back. Nobody executes.
import { Database, Quorum, QuorumStore, RunStore } from '@singularity-workflow/core';
import type { Contestant } from '../contest.js';
import { msBetween, nowNs } from '../measure/clock.js';
import { percentile, type Round } from '../measure/statistics.js';
import { setting } from '../peers/peer.js';
import { Planet } from '../regions/planet.js';
import { Shared } from '../regions/shared.js';
import { chain } from '../shape.js';
import type { RoundReport, Stand, Trial, Workload } from './workload.js';

const CLIENTS = [1, 50];
const CONNECTIONS = 20;
const QUORUM_LIMIT_MS = 10_000;
const SHAPE = chain(3);
const DURABILITIES = ['local', 'quorum'] as const;
type Durability = (typeof DURABILITIES)[number];

export const regionsSubmission: Workload = {
  name: 'regionsSubmission',
  title: 'submissions of 3-step runs, one by one, that are durable at home or in two regions',
  shape: SHAPE,
  entrants: async (contestants) => contestants.filter(({ key, peer }) => key === 'ours' && peer.name === 'ours').flatMap(entrantsOf),
  open: (stand) => SubmissionTrial.open(stand),
};

const entrantsOf = ({ peer, settings }: Contestant): Contestant[] =>
  CLIENTS.map((clients) => ({
    key: `clients${clients}`,
    label: `${clients} client${clients > 1 ? 's' : ''}`,
    peer,
    settings: { ...settings, clients },
  }));

const planets = new Shared<Planet>((planet) => planet.close());

interface Tenant {
  readonly tenantId: string;
  readonly tenure: number;
}

class SubmissionTrial implements Trial {
  private readonly runs: RunStore;
  private readonly quorum: Quorum;
  private rounds = 0;
  private submitted = 0;
  private readonly mistakes: string[] = [];

  private constructor(
    private readonly stand: Stand,
    private readonly planet: Planet,
    private readonly database: Database,
    private readonly tenants: readonly Tenant[],
  ) {
    this.runs = new RunStore(database);
    this.quorum = new Quorum(new QuorumStore(database));
  }

  static async open(stand: Stand): Promise<Trial> {
    const planet = await planets.take(() => Planet.start(stand.peer));
    const home = planet.mesh.at(0);
    const tenants = await home.sql.rows<Tenant>(`select tenant_id as "tenantId", tenure::int as tenure from workflow.home_of($1)`, [
      await planet.mesh.tenantsOf(home),
    ]);
    return new SubmissionTrial(stand, planet, new Database({ url: home.logins.router, poolSize: CONNECTIONS }), tenants);
  }

  async warmUp(): Promise<void> {
    await this.round();
  }

  async round(): Promise<RoundReport> {
    const { mesh } = this.planet;
    this.rounds += 1;
    await mesh.live();
    try {
      let metrics: Round = {};
      for (const durability of this.rounds % 2 === 1 ? DURABILITIES : DURABILITIES.toReversed())
        metrics = { ...metrics, ...(await this.submit(durability)) };
      return { metrics, mistakes: this.mistakes.splice(0) };
    } finally {
      await mesh.rest();
    }
  }

  async close(): Promise<void> {
    await this.database.close();
    await planets.leave();
  }

  /** Each client again and again, for the time of a round. */
  private async submit(durability: Durability): Promise<Round> {
    const limitMs = this.stand.sizes.submissionSeconds * 2_000;
    const fromNs = nowNs();
    const latenciesMs: number[] = [];
    const client = async (): Promise<void> => {
      do {
        const sentNs = nowNs();
        await this.one(durability);
        latenciesMs.push(msBetween(sentNs, nowNs()));
      } while (msBetween(fromNs, nowNs()) < limitMs);
    };
    await Promise.all(Array.from({ length: setting(this.stand.settings, 'clients') }, client));
    const perSecond = (latenciesMs.length / msBetween(fromNs, nowNs())) * 1_000;
    return {
      [`${durability}P50Ms`]: percentile(latenciesMs, 50),
      [`${durability}P99Ms`]: percentile(latenciesMs, 99),
      [`${durability}PerSecond`]: perSecond,
    };
  }

  private async one(durability: Durability): Promise<void> {
    const { tenantId, tenure } = this.tenants[(this.submitted += 1) % this.tenants.length]!;
    const [row] = await this.runs.start([{ tenantId, workflow: 'bench', input: { run: this.submitted }, durability }]);
    if (row?.outcome !== 'created') return void this.mistakes.push(`a submission was not taken: ${row?.message}`);
    if (durability === 'quorum') await this.quorum.confirm({ tenantId, tenure, zone: 'global', timeoutMs: QUORUM_LIMIT_MS });
  }
}
