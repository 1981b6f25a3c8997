// One filled database for a test file, and what watching all stories on it gives.
import { createTestDatabase } from '@singularity-workflow/testkit';
import type { Calls } from './calls.js';
import { type Filled, prepare } from './filled.js';
import { add, type Recorded } from './record.js';
import { stories } from './stories.js';
import { NothingLeft, Scene, type Story } from './story.js';
import { WatchedSession } from './watched.js';
import { perElement, workOf } from './work.js';

/** `pnpm plans` sets it: what is found is written down, not compared. */
export const WRITING = process.env['PLANS'] === 'write';
const SMALL = 100;
const LARGE = 1_000;

export interface Suite {
  readonly filled: Filled;
  open(): Promise<WatchedSession>;
  close(): Promise<void>;
}

export async function createSuite(): Promise<Suite> {
  const db = await createTestDatabase();
  const filled = await prepare(db);
  const sessions: WatchedSession[] = [];
  return {
    filled,
    /** Plans as a connection keeps them for good, for functions that leave the choice to the server too. */
    async open() {
      const session = await WatchedSession.open(db.url());
      sessions.push(session);
      await session.sql('set plan_cache_mode = force_generic_plan');
      return session;
    },
    async close() {
      await Promise.all(sessions.map((session) => session.close()));
      await db.close();
    },
  };
}

export async function plansOf(filled: Filled, session: WatchedSession, batch: number, only: readonly Story[] = stories): Promise<Recorded> {
  const recorded: Recorded = new Map();
  const scene = new Scene(session, filled);
  for (const { prepare: prepareStory } of only) {
    await session.undone(async () => add(recorded, await session.watch(await prepareStory(scene, batch))));
  }
  return recorded;
}

/** Every story that the database is large enough for, so that the session has its plans. */
export async function warm(filled: Filled, session: WatchedSession, batch: number): Promise<void> {
  for (const story of stories) {
    try {
      await plansOf(filled, session, batch, [story]);
    } catch (error) {
      if (!(error instanceof NothingLeft)) throw error;
    }
  }
}

export async function workOfCalls(filled: Filled, session: WatchedSession, only: readonly Story[] = stories): Promise<Calls> {
  const scene = new Scene(session, filled);
  const counted = (story: Story, count: number) =>
    session.undone(async () => perElement(workOf(await session.watch(await story.prepare(scene, count), { counting: true })), count));
  const calls: Calls = new Map();
  for (const story of only) {
    calls.set(story.name, story.single ? [await counted(story, 1)] : [await counted(story, SMALL), await counted(story, LARGE)]);
  }
  return calls;
}
