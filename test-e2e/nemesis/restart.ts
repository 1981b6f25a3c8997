// A PostgreSQL that dies without a checkpoint and comes back: connections break, unlogged tables are empty.
import type { Crash } from '../checker/history.js';
import { moment } from '../harness/moment.js';
import type { Region } from '../harness/region.js';

/** `immediate`: as when it is told to stop at once; `kill`: kill -9 of its first process, the others learn of it by themselves. */
export type Death = 'immediate' | 'kill';

/** `meanwhile`: what must have happened before it comes back. Answers from when to when it was away. */
export async function crashDatabase(
  { server }: Region,
  death: Death = 'immediate',
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<Crash> {
  const from = moment();
  await (death === 'kill' ? server.kill() : server.crash());
  try {
    await meanwhile();
  } finally {
    await server.restart();
  }
  return { from, to: moment() };
}
