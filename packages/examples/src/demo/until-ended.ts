import { setTimeout as pause } from 'node:timers/promises';
import type { Client, RunStatus } from '@singularity-workflow/sdk/client';
import { progressBar } from './progress.js';

const OPEN: readonly RunStatus[] = ['scheduled', 'started', 'paused'];
const LOOK_EVERY_MS = 250;
const PAGE = 200;
/** Without any progress for so long, something is wrong: nobody may be there to run it. */
const STANDSTILL_MS = 60_000;

/** Waits until every run with these labels has ended, with a bar. Throws when nothing moves for a minute. */
export async function untilEnded(client: Client, { labels, total }: { labels: Record<string, string>; total: number }): Promise<void> {
  const bar = progressBar('orders', total);
  let best = { done: -1, atMs: performance.now() };
  try {
    for (;;) {
      const done = total - (await openRuns(client, labels));
      bar.update(done);
      if (done === total) return;
      if (done > best.done) best = { done, atMs: performance.now() };
      if (performance.now() - best.atMs > STANDSTILL_MS)
        throw new Error(`${total - done} runs do not end: does an executor have these workflows?`);
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    bar.stop();
  }
}

async function openRuns(client: Client, labels: Record<string, string>): Promise<number> {
  let open = 0;
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await client.list({ labels, status: OPEN, limit: PAGE, ...(cursor !== undefined && { cursor }) });
    open += page.runs.length;
    cursor = page.next_cursor;
  }
  return open;
}
