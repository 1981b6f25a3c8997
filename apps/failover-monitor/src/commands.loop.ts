import { decideOnCommands, type Duty } from '@singularity-workflow/core';
import { carryOut, type Recorder } from './act.js';
import { observeCommands, type Watched } from './observe.js';

const EVERY_MS = 500;

/** Carries out what operators asked and the orchestrators do not do by themselves: fences, the end of a stop, the failure of what nobody acted on. */
export const carryOutCommands = (watched: Watched, recorder: Recorder): Duty => ({
  name: 'commands',
  intervalMs: EVERY_MS,
  async tick(token) {
    for (const decision of decideOnCommands(await observeCommands(watched))) await carryOut(decision, token, recorder);
    return 'idle';
  },
});
