// Gives tenants groups of their own where they need them to be moved alone (R4): those with fallback regions, each proposed by its home. The registry says who
// wants one, so it does not matter where it was asked for, or whether that home is lost meanwhile: its successor does it when it has adopted the tenant.
//
// Limit: 1,000 tenants an epoch. Looks when an epoch is new, and every five seconds, for an adoption or a move may have ended without one.
import { type Wish } from '../domain/index.js';
import type { RegionReader } from '../store/index.js';
import type { Observed, WishSource } from './proposer.js';

export interface SplitWishesOptions {
  readonly reader: Pick<RegionReader, 'tenantsToSplit'>;
  /** A monotonic clock, in ms. */
  readonly now: () => number;
}

const LOOK_EVERY_MS = 5_000;

export class SplitWishes implements WishSource {
  private lookedAt: { readonly epoch: number; readonly ms: number } | null = null;

  constructor(private readonly options: SplitWishesOptions) {}

  async wish(_token: number, { epoch, self }: Pick<Observed, 'epoch' | 'self'>): Promise<Wish | null> {
    const ms = this.options.now();
    if (this.lookedAt?.epoch === epoch && ms - this.lookedAt.ms < LOOK_EVERY_MS) return null;
    const tenants = await this.options.reader.tenantsToSplit();
    if (tenants.length > 0) return splitOff(tenants, { by: self, why: 'they have fallback regions' });
    this.lookedAt = { epoch, ms };
    return null;
  }
}

/** Learned as nothing of those whose home `by` is not any more. */
export function splitOff(tenants: readonly string[], { by, why }: { by: string; why: string }): Wish {
  const entries = tenants.map((tenant_id) => ({ tenant_id, split: true }));
  const sentence = `${tenants.length === 1 ? '1 tenant gets a group' : `${tenants.length} tenants get groups`} of their own: ${why}`;
  return { value: { version: 1, kind: 'register', by, tenants: entries }, sentence };
}
