// `npm run planet -- --demo`: work, the loss of a whole region, its return, and whether everybody has the same in the end.
import type { PlanetSession } from './session.js';

/** Of each step, so that work is under way when the region dies. */
const WORK_MS = 500;

/** False: regions were not equal in the end. */
export async function demonstrate(session: PlanetSession, region: string, runs: number, say: (text: string) => void): Promise<boolean> {
  say(`\n1. ${runs} runs, each started and executed at the home of its tenant, and copied to everybody`);
  await session.submit(runs);
  await session.finish();
  if (!(await session.isEqual())) return false;

  say(`\n2. ${region} dies with work under way`);
  await session.submit(runs, WORK_MS);
  await session.kill(region);
  await session.status();
  await session.submit(runs);
  await session.finish();

  say(`\n3. ${region} comes back`);
  await session.bringBack(region);
  await session.finish();
  await session.status();
  return session.isEqual();
}
