import { randomUUID } from 'node:crypto';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { silentLogger } from '../../src/domain/index.js';
import { LeaderDuties, type Duty } from '../../src/leadership/index.js';
import { Database, LeaseStore, RunStore } from '../../src/store/index.js';

const server = useTestDatabase();

describe('duties of a leader', () => {
  const made: { duties: LeaderDuties; db: Database }[] = [];

  /** A process that notes what it does: `did <token>` or `stood by`, each only when it changes. */
  function candidate(): { duties: LeaderDuties; story: string[] } {
    const db = new Database({ url: server.url(), poolSize: 2 });
    const runs = new RunStore(db);
    const story: string[] = [];
    const note = (what: string): void => void (story.at(-1) === what || story.push(what));
    const duty: Duty = {
      name: 'start-due-runs',
      intervalMs: 10,
      tick: async (token) => {
        await runs.startDue({ token, limit: 10 });
        note(`did ${token}`);
        return 'idle';
      },
      standBy: () => note('stood by'),
    };
    const duties = new LeaderDuties({
      lease: 'scheduler',
      holder: randomUUID(),
      ttlMs: 9_000,
      leases: new LeaseStore(db),
      duties: [duty],
      logger: silentLogger,
    });
    made.push({ duties, db });
    return { duties, story };
  }

  afterEach(async () => {
    for (const { duties, db } of made.splice(0)) {
      await duties.stop();
      await db.close();
    }
  });

  it('are done by the leader only, and by the next one once it stops', async () => {
    const [first, second] = [candidate(), candidate()];
    first.duties.start();
    await waitFor(() => first.story.at(-1) === 'did 1', { until: 'the first does its duty' });
    second.duties.start();
    await waitFor(() => second.duties.notReady() === null, { until: 'the second stands by, ready' });
    expect(second.duties.details()).toMatchObject({ state: 'standby', token: 1 });
    expect(second.story).toEqual(['stood by']);
    await first.duties.stop();
    await waitFor(() => second.story.at(-1) === 'did 2', { until: 'the second does its duty' });
  });

  it('end at once, for all of them, when the database says that the lease is lost, and go on with the next token', async () => {
    const { duties, story } = candidate();
    duties.start();
    await waitFor(() => story.at(-1) === 'did 1', { until: 'it does its duty' });
    await server.call('fence_lease', ['scheduler']);
    await waitFor(() => story.at(-1)?.startsWith('did') && story.at(-1) !== 'did 1', { until: 'it does its duty with another token' });
    expect(story.filter((line) => line.startsWith('did'))).toEqual(['did 1', 'did 3']); // the fence took 2
  });

  it('are not ready while one of them fails', async () => {
    const { duties, story } = candidate();
    duties.start();
    await waitFor(() => story.at(-1) === 'did 1', { until: 'it does its duty' });
    expect(duties.notReady()).toBeNull();
    await server.sql('alter function workflow.start_due_runs rename to start_due_runs_away');
    await waitFor(() => duties.notReady(), { until: 'it says that it is not ready' });
    expect(duties.notReady()).toBe('did not succeed the last time: start-due-runs');
    await server.sql('alter function workflow.start_due_runs_away rename to start_due_runs');
    await waitFor(() => duties.notReady() === null, { until: 'it is ready again' });
  });
});
