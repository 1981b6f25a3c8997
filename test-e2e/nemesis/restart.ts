// A PostgreSQL that dies without a checkpoint (immediate mode) and comes back: connections break, unlogged tables are empty.
import type { Crash } from '../checker/history.js';
import { moment } from '../harness/moment.js';
import type { Region } from '../harness/region.js';

/** `meanwhile`: what must have happened before it comes back. Answers from when to when it was away. */
export async function crashDatabase({ server }: Region, meanwhile: () => Promise<unknown> = async () => undefined): Promise<Crash> {
  const from = moment();
  await server.crash();
  try {
    await meanwhile();
  } finally {
    await server.restart();
  }
  return { from, to: moment() };
}
