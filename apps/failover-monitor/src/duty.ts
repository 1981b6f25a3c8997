// A duty of the monitor, done with the token of the lease `failover-monitor`. Every function that changes something checks the token in its own
// transaction: a monitor that lost the lease is refused, whatever it believes.
import { Loop, isWorkflowError, type Elector, type Logger, type TickResult } from '@singularity-workflow/core';

export interface Duty {
  readonly name: string;
  readonly intervalMs: number;
  /** One round. `more`: it came back full, so there is more to do at once. */
  tick(token: number): Promise<TickResult>;
}

/** Does the duty while this process leads; a standby's rounds are empty. `lease_lost` ends the term at once. */
export function dutyLoop(duty: Duty, elector: Elector, logger: Logger): Loop {
  return new Loop({
    name: duty.name,
    intervalMs: duty.intervalMs,
    logger,
    tick: async () => {
      const token = elector.token();
      if (token === null) return 'idle';
      try {
        return await duty.tick(token);
      } catch (error) {
        if (!isWorkflowError(error, 'lease_lost')) throw error;
        elector.refused(token);
        return 'idle';
      }
    },
  });
}
