// Submissions and their wake-ups: in the same call after a quiet time, together while there is much to do.
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { Database, RunStore, submitRuns, Wakeups } from '../../src/store/index.js';

const server = useTestDatabase();

describe('a submission', () => {
  let database: Database;
  let wakeups: Wakeups;
  let listener: Wakeups;
  let parts: { runs: RunStore; wakeups: Wakeups };
  let woken: string[];

  beforeEach(async () => {
    await server.make.define('w', 'a');
    database = new Database({ url: server.url() });
    wakeups = new Wakeups({ url: server.url() });
    listener = new Wakeups({ url: server.url() });
    parts = { runs: new RunStore(database), wakeups };
    woken = [];
    listener.listen(['default'], (queue) => woken.push(queue));
    await waitFor(() => listener.connected);
    woken = [];
  });
  afterEach(() => Promise.all([database.close(), wakeups.close(), listener.close()]));

  const request = (n: number) => ({ tenantId: 't', workflow: 'w', input: { n } });

  it('after a quiet time wakes in the same call', async () => {
    const start = jest.spyOn(parts.runs, 'start');
    const own: string[] = [];
    wakeups.listen(['default'], (queue) => own.push(queue));
    const [row] = await submitRuns(parts, [request(1)]);
    expect(row).toMatchObject({ ordinal: 1, outcome: 'created', status: 'started', queues: ['default'], durability: 'local' });
    expect(own).toContain('default'); // who listens by the same object need not hear it from the database
    expect(start).not.toHaveBeenCalled();
    await waitFor(() => woken.includes('default'));
  });

  it('right after another one leaves the wake-up to be sent with those that follow', async () => {
    const together = jest.spyOn(wakeups, 'notify');
    expect(wakeups.takeTurn()).toBe(true);
    const rows = await Promise.all([submitRuns(parts, [request(1)]), submitRuns(parts, [request(2)])]);
    expect(rows.flat().map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    expect(together).toHaveBeenCalledTimes(2);
    await waitFor(() => woken.includes('default'));
  });

  it('of many runs answers rows, and wakes', async () => {
    const rows = await submitRuns(
      parts,
      Array.from({ length: 40 }, (_, n) => request(n)),
    );
    expect(rows.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
    await waitFor(() => woken.includes('default'));
  });

  it('that the database refuses fails like start_runs', async () => {
    await expect(submitRuns(parts, [{ tenantId: 't', workflow: 'w', runId: 'no id' }])).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
