// The decision plane of a region put together: the two duties that its leading failover-monitor has besides its others. Without REGIONS there are none.
import type { Logger } from '../domain/index.js';
import type { Duty } from '../leadership/index.js';
import { type Database, DecisionStore, HomeStore, RegionReader, RegionStore } from '../store/index.js';
import { Ballots } from './ballot.js';
import { RegionBelief } from './belief.js';
import { CommandWishes } from './command-wishes.js';
import { FailbackWishes } from './failback-wishes.js';
import { Founding } from './founding.js';
import { LeaseKeeper } from './lease-keeper.js';
import { MemberWishes } from './member-wishes.js';
import { MoveWishes } from './move-wishes.js';
import { type ListedRegion, Peers } from './peers.js';
import { Proposer, type WishSource } from './proposer.js';

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
  /** Besides steps of members, moves and what operators ask. */
  readonly wishes?: readonly WishSource[];
  readonly logger: Logger;
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
  const belief = new RegionBelief();
  const callMs = Math.max(heartbeatMs, Math.floor(leaseMs / CALLS_PER_LEASE));
  const peers = options.peers ?? new Peers({ own: new DecisionStore(database), region, regions: options.regions, callMs, logger });
  const ballots = new Ballots({ peers, regions });
  const founding = new Founding({ peers, regions, region, logger });
  const { wishes: others = [], turnMs = 2 * heartbeatMs, now = () => performance.now() } = options;
  const homes = new HomeStore(database);
  const commands = new CommandWishes({ reader, regions, homes, peers, belief, drainMs: options.drainMs });
  const members = new MemberWishes({ peers, retireAfterMs: options.retireAfterMs, asked: commands.openSteps, now });
  commands.useMembers(members);
  const { failbackAfterMs: afterMs, drainMs } = options;
  const failback = afterMs === null ? [] : [new FailbackWishes({ reader, homes, afterMs, drainMs, now })];
  const wishes = [new MoveWishes(homes), commands, members, ...failback, ...others];
  return {
    duties: [
      new LeaseKeeper({ peers, regions, reader, belief, heartbeatMs, leaseMs, marginMs, logger, now }),
      new Proposer({ peers, regions, reader, ballots, founding, belief, wishes, heartbeatMs, turnMs, logger, now }),
    ],
    belief,
    peers,
    close: () => peers.close(),
  };
}
