// Sets synchronized_standby_slots, and keeps from setting it over and over again where it does not count: each try rewrites the server's postgresql.auto.conf.
import { isWorkflowError, type StandbySlots } from '../domain/index.js';
import type { MeshStore } from '../store/index.js';

const AGAIN_AFTER_MS = 60_000;

export class StandbySetting {
  /** What did not count, why, and when that was. */
  private failed: { readonly slots: string; readonly error: unknown; readonly atMs: number } | null = null;

  constructor(
    private readonly store: Pick<MeshStore, 'setStandbySlots'>,
    private readonly now: () => number,
  ) {}

  /** Throws what the last try threw, without another one, where these slots did not count less than a minute ago. */
  async set(token: number, change: StandbySlots): Promise<void> {
    const slots = change.slots.join(', ');
    if (this.failed !== null && this.failed.slots === slots && this.now() - this.failed.atMs < AGAIN_AFTER_MS) throw this.failed.error;
    this.failed = null;
    try {
      await this.store.setStandbySlots(token, change);
    } catch (error) {
      if (isWorkflowError(error, 'invalid_config')) this.failed = { slots, error, atMs: this.now() };
      throw error;
    }
  }
}
