// PostgreSQL restarted in immediate mode under load, twice: back at once, and away until the executors have missed their heartbeats.
import { waitFor } from '@singularity-workflow/testkit';
import type { Acknowledged } from '../checker/history.js';
import { breaches } from '../checker/checker.js';
import { outputOf, randomOf, say, submit, type Wanted } from '../harness/load.js';
import { readHistory } from '../harness/recorder.js';
import { inRegion, type Region } from '../harness/region.js';
import type { Service } from '../harness/service.js';
import { crashDatabase } from '../nemesis/restart.js';

const OPEN_RUNS_MAX = 300;
// A claim whose answer is lost in a crash is taken back once it is older than this: by default 30 s, which nobody wants to wait for.
const executorEnv = { VISIBILITY_TIMEOUT_MS: '6000' };

it(
  'ends everything that was acknowledged exactly once, with no process gone, though the queues were emptied twice',
  inRegion({ executors: 2, executorEnv }, async (region) => {
    const random = randomOf('database crashes');
    const { db } = region;
    const load = new Load(region, random);
    const scheduler = region.of('scheduler')[0]!;
    const executors = region.of('executor');

    await load.reached(50 + 150 * random());
    await queued(region);
    const crashes = [await crashDatabase(region)];
    await rebuilt(scheduler, 1);
    await load.reached(load.acknowledged.length + 50 + 150 * random());
    await queued(region);
    crashes.push(await crashDatabase(region, () => Promise.all(executors.map((executor) => executor.event('heartbeat_late')))));
    await rebuilt(scheduler, 2);
    await load.stop();
    await region.settled();

    expect(region.services.filter(({ ended }) => ended !== null).map(({ name }) => name)).toEqual([]);
    const { acknowledged } = load;
    const restored = scheduler.events('queues_rebuilt').map((event) => event.restored);
    say(
      `two crashes of the database under load: ${acknowledged.length} runs acknowledged, messages and running tasks restored: ${restored.join(' and ')}`,
    );
    expect(restored).toEqual([expect.any(Number), expect.any(Number)]);
    expect(await region.outputs(acknowledged)).toEqual(acknowledged.map(outputOf));
    expect(breaches(await readHistory(db, { acknowledged, attempts: region.attempts(), crashes }))).toEqual([]);
  }),
);

/** Waits until tasks wait in queues that a crash would empty. */
async function queued({ db }: Region): Promise<void> {
  const count = `select count(*)::int as count from workflow.step_tasks where status = 'queued'`;
  await waitFor(async () => (await db.sql<{ count: number }>(count))[0]!.count >= 20, { until: '20 tasks are queued' });
}

async function rebuilt(scheduler: Service, times: number): Promise<void> {
  const isDone = () => scheduler.events('queues_rebuilt').length >= times;
  await waitFor(isDone, { until: `the queues are rebuilt for the ${times}. time`, timeoutMs: 60_000 });
}

/** Starts of runs, a few at a time, until it is stopped: chains and fans, of handlers that take no time or a little, some of which fail at first. */
class Load {
  readonly acknowledged: Acknowledged[] = [];
  private stopping = false;
  private readonly ended: Promise<void>;

  constructor(
    private readonly region: Region,
    private readonly random: () => number,
  ) {
    this.ended = this.run();
    this.ended.catch(() => undefined); // stop() says it
  }

  async reached(count: number): Promise<void> {
    const isReached = () => this.stopping || this.acknowledged.length >= count;
    await waitFor(isReached, { until: `${Math.round(count)} runs are acknowledged`, timeoutMs: 60_000 });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.ended;
  }

  private async run(): Promise<void> {
    try {
      while (!this.stopping) {
        await this.hasRoom();
        const from = this.acknowledged.length;
        this.acknowledged.push(
          ...(await submit(
            this.region.client,
            Array.from({ length: 20 }, (_, k) => this.next(from + k)),
          )),
        );
      }
    } finally {
      this.stopping = true;
    }
  }

  /** Enough to do at any time, and not more than the checker can look at. */
  private async hasRoom(): Promise<void> {
    const open = `select count(*)::int as open from workflow.workflow_runs where finished_at is null`;
    const isBelow = async () => (await this.region.db.sql<{ open: number }>(open))[0]!.open < OPEN_RUNS_MAX;
    await waitFor(isBelow, { until: `fewer than ${OPEN_RUNS_MAX} runs are open`, timeoutMs: 60_000 });
  }

  private next(n: number): Wanted {
    const workflow = this.random() < 0.7 ? 'e2e-chain' : 'e2e-fan';
    const workMs = this.random() < 0.5 ? 0 : Math.round(this.random() * 200);
    return { key: `crash-${n}`, workflow, input: { n, workMs, failures: this.random() < 0.1 ? 1 : 0 } };
  }
}
