import { decideOnLeader, type Duty, type OrchestratorRules } from '@singularity-workflow/core';
import { actOnLeader, type Recorder } from './act.js';
import { observeOrchestrators, type Watched } from './observe.js';

export interface OversightOptions {
  readonly watched: Watched;
  readonly recorder: Recorder;
  readonly rules: OrchestratorRules;
  readonly checkIntervalMs: number;
}

export interface Oversight extends Duty {
  /** What was decided last, as a sentence; null for a standby. */
  readonly verdict: () => string | null;
}

/** Watches the group of orchestrators that leads (active-passive): fences one that renews but sends no heartbeat, and gives a primary its lease back. */
export function oversee({ watched, recorder, rules, checkIntervalMs }: OversightOptions): Oversight {
  let verdict: string | null = null;
  return {
    name: 'orchestrators',
    intervalMs: checkIntervalMs,
    async tick(token) {
      const decision = decideOnLeader(await observeOrchestrators(watched), rules);
      verdict = decision.sentence;
      await actOnLeader(decision, token, recorder);
      return 'idle';
    },
    standBy: () => {
      verdict = null;
    },
    verdict: () => verdict,
  };
}
