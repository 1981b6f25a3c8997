// Random stories of three regions: who is home, what homes write, in which order it arrives.
import { fc } from '@singularity-workflow/testkit';

export type Order =
  | { do: 'start'; who: number; key: number }
  | { do: 'write'; who: number; pick: number; what: number }
  | { do: 'delete'; who: number; pick: number }
  | { do: 'schedule'; who: number }
  | { do: 'take over'; by: number }
  | { do: 'learn'; who: number }
  | { do: 'adopt'; who: number; units: number }
  | LinkOrder;

export type LinkOrder =
  | { do: 'deliver'; link: number; transactions: number }
  | { do: 'replay'; link: number; transactions: number }
  | { do: 'copy'; link: number };

const small = fc.nat({ max: 20 });
const who = fc.nat({ max: 2 });
const link = fc.nat({ max: 5 });
/** Two keys, so that regions race for them; the others start without one. */
const key = fc.nat({ max: 3 });

export const order: fc.Arbitrary<Order> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('start' as const), who, key }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('write' as const), who, pick: small, what: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), who, pick: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('schedule' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take over' as const), by: who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('learn' as const), who }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('adopt' as const), who, units: fc.nat({ max: 6 }) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const), link, transactions: fc.nat({ max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('replay' as const), link, transactions: fc.nat({ max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const), link }) },
);

/**
 * What every run of the test must have seen, however its random stories turn out: a deposed region writes what its successor has adopted, and starts
 * a run whose key the successor gives away too. Links 0 and 2 are those between the first two regions.
 */
export const EVERY_CONFLICT: readonly Order[] = [
  { do: 'start', who: 0, key: 2 },
  { do: 'deliver', link: 0, transactions: 8 },
  { do: 'take over', by: 1 },
  { do: 'adopt', who: 1, units: 6 },
  { do: 'write', who: 0, pick: 0, what: 0 },
  { do: 'start', who: 0, key: 0 },
  { do: 'start', who: 1, key: 0 },
  { do: 'deliver', link: 0, transactions: 8 },
  { do: 'write', who: 0, pick: 1, what: 0 },
  { do: 'deliver', link: 0, transactions: 8 },
  { do: 'copy', link: 0 },
  { do: 'deliver', link: 2, transactions: 8 },
];
