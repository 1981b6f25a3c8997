// Waits for what is a wish in a mesh until the log has decided it: a second or two while a majority of the regions answers.
// Limit: WAIT_MS; whoever asks is then told that it is on its way.
import type { TopologyReader } from '@singularity-workflow/core';

const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 100;

export class Decisions {
  constructor(private readonly topology: Pick<TopologyReader, 'isWished'>) {}

  /** False: it is not decided yet. */
  async isDecided(about: Parameters<TopologyReader['isWished']>[0]): Promise<boolean> {
    const untilMs = performance.now() + WAIT_MS;
    while (await this.topology.isWished(about)) {
      if (performance.now() >= untilMs) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    return true;
  }
}
