// The region's PostgreSQL: one that is given, or our own, kept under the data folder and started again when it dies.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../pg.mjs';

const BACKOFF_MS = { first: 500, max: 30_000 };

/** @returns {Promise<{ adminUrl: string, place: string, stop: () => Promise<void> }>} */
export async function openDatabase({ adminUrl, dataDir }, say) {
  if (adminUrl) return { adminUrl, place: 'given by DATABASE_ADMIN_URL or DATABASE_URL', stop: async () => {} };
  const server = await startPostgres({ dataDir: join(dataDir, 'postgres') });
  let stopping = false;

  const keepAlive = async () => {
    for (let delayMs = BACKOFF_MS.first; ;) {
      await server.exited();
      if (stopping) return;
      say(`postgres ended, starts again in ${delayMs} ms`);
      await sleep(delayMs);
      if (stopping) return;
      try {
        await server.restart();
        delayMs = BACKOFF_MS.first;
      } catch (error) {
        say(`postgres: ${error.message}`);
        delayMs = Math.min(delayMs * 2, BACKOFF_MS.max);
      }
    }
  };
  void keepAlive();

  return {
    adminUrl: server.url(),
    place: `data in ${server.dataDir}`,
    async stop() {
      stopping = true;
      await server.stop();
    },
  };
}
