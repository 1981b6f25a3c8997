// A PostgreSQL that dies without a checkpoint (immediate mode) and comes back: connections break, unlogged tables are empty.
import type { Region } from '../harness/region.js';

/** `meanwhile`: what must have happened before it comes back. */
export async function crashDatabase({ server }: Region, meanwhile: () => Promise<unknown> = async () => undefined): Promise<void> {
  await server.crash();
  try {
    await meanwhile();
  } finally {
    await server.restart();
  }
}
