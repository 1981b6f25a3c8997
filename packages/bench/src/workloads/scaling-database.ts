// What the database alone does here, by pgbench: the floor's work (a batch of steps ends, the next begins) and the TPC-B-like default, a number
// that everybody knows. What an engine leaves of the first is what it costs; what the machine allows shows in the second.
import { fileURLToPath } from 'node:url';
import type { Contestant } from '../contest.js';
import { Sql } from '../database.js';
import { coresUsed, readInstant } from '../measure/counters.js';
import { endedChildrenCpuMs } from '../measure/processor.js';
import { loadPeer } from '../peers/index.js';
import { setting } from '../peers/peer.js';
import { pgbench, pgbenchInit, pgbenchVersion } from '../scaling/pgbench.js';
import { chain } from '../shape.js';
import { type RoundReport, Skipped, type Stand, type Trial, type Workload } from './workload.js';

const SCRIPT = fileURLToPath(new URL('../../pgbench/steps.sql', import.meta.url));

export const scalingDatabase: Workload = {
  name: 'scalingDatabase',
  title: 'the database alone: pgbench with the work of the floor, and as it is',
  shape: chain(1),
  async entrants() {
    const version = await pgbenchVersion();
    const peer = await loadPeer('floor'); // whose table it writes to
    const who = version === null ? 'pgbench' : `pgbench ${version}`;
    return [
      { key: 'pgbenchSteps', label: `${who}, the floor's work`, peer, settings: { clients: 4, batchSize: 500, scale: 0 } },
      { key: 'pgbenchTpcb', label: `${who}, TPC-B-like`, peer, settings: { clients: 16, batchSize: 0, scale: 10 } },
    ] satisfies Contestant[];
  },
  async open(stand) {
    if ((await pgbenchVersion()) === null)
      throw new Skipped('there is no pgbench on the PATH (Debian: postgresql-contrib or postgresql-15)');
    const scale = setting(stand.settings, 'scale');
    if (scale > 0) await pgbenchInit(stand.url, scale);
    return new PgbenchTrial(stand);
  },
};

class PgbenchTrial implements Trial {
  private readonly sql: Sql;
  private rounds = 0;

  constructor(private readonly stand: Stand) {
    this.sql = new Sql(stand.url);
  }

  async warmUp(): Promise<void> {
    await this.round();
  }

  async round(): Promise<RoundReport> {
    const { sql, stand } = this;
    this.rounds += 1;
    await sql.analyze();
    const batch = setting(stand.settings, 'batchSize');
    const from = await readInstant(sql, stand.postmasterPid);
    const clientFrom = endedChildrenCpuMs();
    const { transactionsPerSecond, latencyMs } = await pgbench(stand.url, this.args(batch));
    const clientTo = endedChildrenCpuMs();
    const to = await readInstant(sql, stand.postmasterPid);
    const client = clientFrom === null || clientTo === null ? null : clientTo - clientFrom;
    const rates = batch > 0 ? { stepsPerSecond: transactionsPerSecond * batch } : {};
    return { metrics: { ...rates, transactionsPerSecond, latencyMs, ...coresUsed(from, to, { client }) }, mistakes: [] };
  }

  close(): Promise<void> {
    return this.sql.close();
  }

  /** pgbench knows whole seconds only. */
  private args(batch: number): string[] {
    const { settings, sizes } = this.stand;
    const common = ['--no-vacuum', '--protocol=prepared', `--client=${setting(settings, 'clients')}`];
    const time = `--time=${Math.max(1, Math.ceil(sizes.seconds))}`;
    if (batch === 0) return [...common, time];
    return [...common, time, `--file=${SCRIPT}`, `--define=batch=${batch}`, `--define=round=${this.rounds}`, '--define=before=0'];
  }
}
