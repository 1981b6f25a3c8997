// Variables of an installation with several regions. Without REGIONS none of them counts.
import { list, oneOf, optionally, wholeNumber } from './kinds.js';
import { regionList } from './regions.js';

const HOUR_MS = 3_600_000;
const MONITOR = ['failover-monitor'] as const;
const BYTES_MAX = 1_099_511_627_776;

export const REGION_VARIABLES = {
  regions: regionList({
    name: 'REGIONS',
    apps: 'all',
    description:
      'Every region of the mesh, this one included; the same everywhere. Unset: there is one region, and nothing of the mesh exists.',
    fallbackWords: 'one region alone',
  }),
  regionSecret: optionally(
    list(/^[\w+/=.~-]{32,256}$/, 'one or two secrets of 32 to 256 characters without spaces and commas, separated by a comma', {
      name: 'REGION_SECRET',
      apps: ['router'],
      description:
        'What routers of different regions sign with when they forward to the home of a run. The same everywhere. Of two the first signs and both count, which is how it is changed.',
      secret: true,
    }),
  ),
  regionHeartbeatMs: wholeNumber(50, 60_000, {
    name: 'REGION_HEARTBEAT_MS',
    apps: MONITOR,
    description: 'Time between two rounds in which the region asks the others for its lease, and looks at them.',
    fallback: 1_000,
  }),
  regionLeaseMs: wholeNumber(200, 600_000, {
    name: 'REGION_LEASE_MS',
    apps: 'all',
    description: 'How long a region may execute after the beginning of the last round in which a majority granted it. The same everywhere.',
    fallback: 5_000,
  }),
  regionLeaseMarginMs: wholeNumber(50, 600_000, {
    name: 'REGION_LEASE_MARGIN_MS',
    apps: MONITOR,
    description:
      'How much longer than its lease a region must be silent before it is suspected: what clocks may differ in a lease, and more.',
    fallback: 2_500,
  }),
  memberRetireAfterMs: wholeNumber(10_000, 30 * 24 * HOUR_MS, {
    name: 'MEMBER_RETIRE_AFTER_MS',
    apps: MONITOR,
    description: 'A region that was silent for longer retires, and copies again when it is back.',
    fallback: HOUR_MS,
  }),
  maxSlotWalKeepBytes: wholeNumber(16_777_216, BYTES_MAX, {
    name: 'MAX_SLOT_WAL_KEEP_SIZE',
    apps: MONITOR,
    description: "Least value, in bytes, that PostgreSQL's max_slot_wal_keep_size must have: what a dead region may keep here.",
    fallback: 10_737_418_240,
  }),
  quorumTimeoutMs: wholeNumber(100, 600_000, {
    name: 'QUORUM_TIMEOUT_MS',
    apps: 'all',
    description: 'How long a submission with durability quorum waits for other regions before it fails with quorum_unavailable.',
    fallback: 5_000,
  }),
  moveDrainMs: wholeNumber(0, HOUR_MS, {
    name: 'MOVE_DRAIN_MS',
    apps: MONITOR,
    description: 'How long running tasks may finish when their group moves to another region, before they are given back.',
    fallback: 500,
  }),
  regionFailback: oneOf(['manual', 'automatic'], {
    name: 'REGION_FAILBACK',
    apps: MONITOR,
    description: 'Whether a region that returned gets back by itself, by a planned move, what was taken from it (FAILBACK_AFTER_MS).',
    fallback: 'manual',
  }),
  regionRebalance: oneOf(['automatic', 'manual'], {
    name: 'REGION_REBALANCE',
    apps: MONITOR,
    description: 'Whether a region that joins takes an even share of the groups by itself, by planned moves from the fullest first.',
    fallback: 'automatic',
  }),
};
