import { randomUUID } from 'node:crypto';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { Elector, type ElectorOptions } from '../../src/leadership/index.js';
import { Database, LeaseStore, RunStore } from '../../src/store/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

const server = useTestDatabase();
/** Its window outlasts a machine that stands still for some seconds: what ends a term here is what the test does. */
const TTL_MS = 6_000;

interface Candidate {
  elector: Elector;
  db: Database;
  holder: string;
  logger: RecordingLogger;
  /** In the order of what happened. */
  story: string[];
}

describe('an elector', () => {
  const candidates: Candidate[] = [];

  function candidate(options: Partial<ElectorOptions> = {}): Candidate {
    const db = new Database({ url: server.url(), poolSize: 2 });
    const holder = randomUUID();
    const logger = new RecordingLogger();
    const story: string[] = [];
    const elector = new Elector({
      lease: 'scheduler',
      holder,
      ttlMs: TTL_MS,
      leases: new LeaseStore(db),
      logger,
      onElected: ({ token }) => story.push(`elected ${token}`),
      onDeposed: ({ token, reason }) => story.push(`deposed ${token}: ${reason}`),
      ...options,
    });
    const made = { elector, db, holder, logger, story };
    candidates.push(made);
    return made;
  }

  async function elected(): Promise<Candidate> {
    const made = candidate();
    made.elector.start();
    await waitFor(() => made.elector.token() !== null, { until: 'it is elected' });
    return made;
  }

  afterEach(async () => {
    for (const { elector, db } of candidates.splice(0)) {
      await elector.stop();
      await db.close();
    }
  });

  it('is elected where nobody leads, and stays it by renewing', async () => {
    const { elector, holder, story } = await elected();
    const first = await server.sql<{ expires_at: Date }>(`select expires_at from workflow.leases`);
    await waitFor(async () => {
      const [now] = await server.sql<{ expires_at: Date }>(`select expires_at from workflow.leases`);
      return now!.expires_at.getTime() > first[0]!.expires_at.getTime() + TTL_MS;
    });
    expect([elector.token(), story]).toEqual([1, ['elected 1']]);
    expect(elector.leader()).toMatchObject({ holder, token: 1 });
    expect(elector.healthy).toBe(true);
  });

  it('waits while another leads, and takes over when that one stops: no wait for the expiry', async () => {
    const leader = await elected();
    const standby = candidate();
    standby.elector.start();
    await waitFor(() => standby.elector.leader()?.holder === leader.holder);
    expect(standby.elector.token()).toBeNull();
    await leader.elector.stop();
    await waitFor(() => standby.elector.token() === 2);
    expect([leader.elector.token(), leader.story]).toEqual([null, ['elected 1', 'deposed 1: it stops']]);
  });

  it('is replaced when its renewals no longer arrive, and stopped believing before that; its token is refused', async () => {
    const cut = await elected();
    let beliefOfTheCut: number | null | undefined;
    const next = candidate({
      onElected: () => {
        beliefOfTheCut = cut.elector.token();
      },
    });
    next.elector.start();
    await cut.db.close();
    await waitFor(() => next.elector.token() === 2, { until: 'the other one leads' });
    expect(beliefOfTheCut).toBeNull();
    expect(cut.story).toEqual(['elected 1', 'deposed 1: its trust window ended without a renewal']);
    const runs = new RunStore(next.db);
    await expect(runs.startDue({ token: 1, limit: 10 })).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(runs.startDue({ token: 2, limit: 10 })).resolves.toEqual([]);
  });

  it('steps down when it was fenced, and stands again with a new token', async () => {
    const { elector, db, story } = await elected();
    await new LeaseStore(db).fence('scheduler');
    await waitFor(() => (elector.token() ?? 0) > 1, { until: 'it leads with a new token' });
    expect(story).toEqual(['elected 1', 'deposed 1: the lease went to somebody else or was fenced', `elected ${elector.token()}`]);
  });

  it('stops believing at once when SQL refused its token, but not for the word about an older one', async () => {
    const { elector, story } = await elected();
    elector.lost(0);
    expect(elector.token()).toBe(1);
    elector.lost(1);
    expect(elector.token()).toBeNull();
    await waitFor(() => elector.token() !== null, { until: 'it asked again and still holds the lease' });
    expect(story).toEqual(['elected 1', 'deposed 1: the database refused its token', 'elected 1']);
  });

  it('deposes nobody and elects nobody while the database does not answer', async () => {
    const { elector, db, story } = candidate();
    await db.close();
    elector.start();
    await waitFor(() => !elector.healthy);
    expect([elector.token(), elector.leader(), story]).toEqual([null, null, []]);
  });
});
