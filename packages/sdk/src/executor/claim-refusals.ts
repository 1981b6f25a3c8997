import { logEvent, type Logger } from '@singularity-workflow/core';
import type { ExecutorSettings } from './settings.js';

/**
 * Claims that the database refused because this worker does not lead (active-passive). One that has a token learns by it that its group leads no more,
 * and says so; one that has none is of no group, and goes on asking in vain: logged when the reason is another one.
 */
export class ClaimRefusals {
  private last: string | undefined;

  constructor(
    private readonly settings: ExecutorSettings,
    private readonly logger: Logger,
  ) {}

  add(leaderToken: number | null, { message: reason }: Error): ClaimedNothing {
    if (leaderToken === null && reason !== this.last) logEvent(this.logger, 'claim_refused', { reason });
    this.last = reason;
    this.settings.onClaimRefused?.(leaderToken);
    return [];
  }
}

type ClaimedNothing = never[];
