// The decision plane of a region put together: the two duties that its leading failover-monitor has besides its others. Without REGIONS there are none.
import type { Logger } from '../domain/index.js';
import type { Duty } from '../leadership/index.js';
import { type Database, DecisionStore, HomeStore, RegionReader, RegionStore } from '../store/index.js';
import { type BallotOptions, Ballots } from './ballot.js';
import { RegionBelief } from './belief.js';
import { CatalogWishes } from './catalog-wishes.js';
import { CommandWishes } from './command-wishes.js';
import { FailbackWishes } from './failback-wishes.js';
import { FallbackWishes } from './fallback-wishes.js';
import { Founding } from './founding.js';
import { HandOvers } from './hand-overs.js';
import { LeaseKeeper, type LeaseKeeperOptions } from './lease-keeper.js';
import { MemberWishes } from './member-wishes.js';
import { MoveWishes } from './move-wishes.js';
import { type ListedRegion, Peers } from './peers.js';
import { Proposer, type WishSource } from './proposer.js';
import { ShareWishes } from './share-wishes.js';
import { SplitWishes } from './split-wishes.js';

export interface RegionDutiesOptions {
  readonly database: Database;
  readonly region: string;
  readonly regions: readonly ListedRegion[];
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly marginMs: number;
  readonly retireAfterMs: number;
  readonly drainMs: number;
  /** How long a region that returned must be well before it gets back what was taken from it; null: it is not given back by itself. */
  readonly failbackAfterMs: number | null;
  /** Whether a region that joins takes its share of the groups by itself. */
  readonly rebalances: boolean;
  /** Besides steps of members, moves and what operators ask. */
  readonly wishes?: readonly WishSource[];
  readonly logger: Logger;
  /** Told of what happens, for metrics. */
  readonly told?: Pick<LeaseKeeperOptions, 'leaseLost'> & Pick<BallotOptions, 'decided'>;
  /** Default: calls by region_peer's logins in REGIONS. */
  readonly peers?: Peers;
  /** How long every proposer after the first waits for the one before it. Default two heartbeats. */
  readonly turnMs?: number;
  /** A monotonic clock, in ms. Default that of the process. */
  readonly now?: () => number;
}

export interface RegionDuties {
  readonly duties: readonly Duty[];
  readonly belief: RegionBelief;
  readonly peers: Peers;
  /** Ends the connections to the other regions. */
  readonly close: () => Promise<void>;
}

/** A call that is not answered within a quarter of the lease is none: a round must leave time for the next one before the lease ends. */
const CALLS_PER_LEASE = 4;

export function regionDuties(options: RegionDutiesOptions): RegionDuties {
  const { database, region, heartbeatMs, leaseMs, marginMs, logger } = options;
  const regions = new RegionStore(database);
  const reader = new RegionReader(database);
  const callMs = Math.max(heartbeatMs, Math.floor(leaseMs / CALLS_PER_LEASE));
  const peers = options.peers ?? new Peers({ own: new DecisionStore(database), region, regions: options.regions, callMs, logger });
  const ballots = new Ballots({ peers, regions, decided: options.told?.decided });
  const founding = new Founding({ peers, regions, region, logger });
  const { turnMs = 2 * heartbeatMs, now = () => performance.now() } = options;
  const { wishes, belief } = wishesOf(options, { regions, reader, peers, now });
  return {
    duties: [
      new LeaseKeeper({ peers, regions, reader, belief, heartbeatMs, leaseMs, marginMs, leaseLost: options.told?.leaseLost, now }),
      new Proposer({ peers, regions, reader, ballots, founding, belief, wishes, heartbeatMs, turnMs, logger, now }),
    ],
    belief,
    peers,
    close: () => peers.close(),
  };
}

interface Parts {
  readonly regions: RegionStore;
  readonly reader: RegionReader;
  readonly peers: Peers;
  readonly now: () => number;
}

/** What this region wishes for, the most urgent first. */
function wishesOf(options: RegionDutiesOptions, { regions, reader, peers, now }: Parts): { wishes: WishSource[]; belief: RegionBelief } {
  const { database, drainMs, failbackAfterMs: afterMs, rebalances: automatic, retireAfterMs, logger, wishes: others = [] } = options;
  const belief = new RegionBelief();
  const homes = new HomeStore(database);
  const handOvers = new HandOvers({ homes, logger, now });
  const shares = new ShareWishes({ reader, homes, handOvers, drainMs, automatic });
  const commands = new CommandWishes({ reader, regions, handOvers, shares, peers, belief, drainMs });
  const members = new MemberWishes({ peers, retireAfterMs, asked: commands.openSteps, askers: commands.whoAsked, now });
  commands.useMembers(members);
  const failback = afterMs === null ? [] : [new FailbackWishes({ reader, handOvers, afterMs, drainMs, now })];
  const catalog = new CatalogWishes({ regions, logger });
  const fallback = new FallbackWishes({ reader, handOvers, drainMs });
  return {
    wishes: [
      new MoveWishes({ homes, handOvers, logger, now }),
      commands,
      members,
      catalog,
      new SplitWishes({ reader, now }),
      fallback,
      ...failback,
      shares,
      ...others,
    ],
    belief,
  };
}
