// Versions of workflows and API keys that this region wants to have in the log (log_wishes): all that may be proposed goes in one epoch. A version may be
// when a quorum has its definition; SQL says so. What became of each is logged once, here where it was asked for, whoever proposed it.
//
// Limit: 1,000 items and about 1 MiB an epoch; the rest goes in the next.
// Events: catalog_decided.
import type { CatalogItem, Logger, Wish } from '../domain/index.js';
import type { RegionStore } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';
import type { Observed, WishSource } from './proposer.js';

export interface CatalogWishesOptions {
  readonly regions: Pick<RegionStore, 'observeWishes'>;
  readonly logger: Logger;
}

export class CatalogWishes implements WishSource {
  constructor(private readonly options: CatalogWishesOptions) {}

  async wish(token: number, { self }: Pick<Observed, 'self'>): Promise<Wish | null> {
    const { regions, logger } = this.options;
    const items: CatalogItem[] = [];
    for (const { item, epoch, outcome } of await regions.observeWishes(token)) {
      if (item === null) logEvent(logger, 'catalog_decided', { epoch: epoch!, reason: outcome! });
      else items.push(item);
    }
    if (items.length === 0) return null;
    const sentence = `${items.length} versions or keys wait to get into the log`;
    return { value: { version: 1, kind: 'catalog', by: self, items }, sentence };
  }
}
