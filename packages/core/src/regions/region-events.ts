// Repeats in the log of the leading failover-monitor what failover_events tells about regions: the same sentence in both. Most of it is recorded by SQL, some
// while another region's monitor called, so the table is where it is found.
//
// A term begins with the last BEFORE_TERM_MS: what was recorded while nobody led, as in a region that comes back and learns that it was deposed, is told too.
//
// Limit: 100 events a look. What the leader before has logged within BEFORE_TERM_MS is logged again; what is older is in the table only. An event of a transaction that was overtaken by a later one is found
// while it is among the last OVERTAKEN_MAX.
// Events: region_event.
import type { Logger } from '../domain/index.js';
import type { Duty } from '../leadership/index.js';
import type { LeaseReader } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';

export interface RegionEventsOptions {
  readonly events: Pick<LeaseReader, 'regionEventsAfter' | 'newestEvent'>;
  readonly logger: Logger;
}

const EVERY_MS = 1_000;
const BEFORE_TERM_MS = 10 * 60_000;
const OVERTAKEN_MAX = 100;
const EVENTS_MAX = 100;

export function tellRegionEvents({ events, logger }: RegionEventsOptions): Duty {
  let newest: number | null = null;
  let told = new Set<number>();
  return {
    name: 'region events',
    intervalMs: EVERY_MS,
    async tick() {
      if (newest === null) {
        const begin = await events.newestEvent({ olderThanMs: BEFORE_TERM_MS });
        const before = await events.regionEventsAfter(begin - OVERTAKEN_MAX, EVENTS_MAX);
        told = new Set(before.map(({ eventId }) => eventId).filter((eventId) => eventId <= begin));
        newest = begin;
      }
      const seen = await events.regionEventsAfter(newest - OVERTAKEN_MAX, OVERTAKEN_MAX + EVENTS_MAX);
      for (const { eventId, kind, subject, former, successor, withoutMs, reason } of seen) {
        if (told.has(eventId)) continue;
        told.add(eventId);
        logEvent(logger, 'region_event', { kind, subject, former, successor, withoutMs, reason });
      }
      newest = Math.max(newest, ...seen.map(({ eventId }) => eventId));
      for (const eventId of told) if (eventId <= newest - OVERTAKEN_MAX) told.delete(eventId);
      return seen.length === OVERTAKEN_MAX + EVENTS_MAX ? 'more' : 'idle';
    },
    standBy() {
      newest = null;
      told = new Set();
    },
  };
}
