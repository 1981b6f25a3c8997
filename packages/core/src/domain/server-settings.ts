// What a server of the mesh must be configured for: pure. Names what is wrong with the value that is wanted; nothing is set by us (R2), but for
// synchronized_standby_slots, where we may (standby-slots.ts).
// The counts are for n other regions, each with a subscription here and one there, and room for one that is made anew beside each lost one.

/** A row of pg_settings, in its unit. */
export interface SettingSeen {
  readonly name: string;
  readonly setting: string;
  readonly unit: string | null;
}

export interface WrongSetting {
  readonly name: string;
  readonly value: string;
  readonly wanted: string;
  /** What happens otherwise. */
  readonly why: string;
}

interface Rule {
  readonly name: string;
  readonly wanted: string;
  readonly why: string;
  readonly holds: (value: string) => boolean;
}

/** Settings that are looked at; the others are none of our business. */
export const SETTINGS_WATCHED = [
  'wal_level',
  'max_replication_slots',
  'max_wal_senders',
  'max_active_replication_origins',
  'max_logical_replication_workers',
  'max_worker_processes',
  'max_sync_workers_per_subscription',
  'wal_sender_timeout',
  'wal_receiver_timeout',
  'wal_writer_delay',
  'max_slot_wal_keep_size',
  'idle_replication_slot_timeout',
  'synchronized_standby_slots',
] as const;

const TIMEOUT_MS_MAX = 15_000;
const WRITER_DELAY_MS_MAX = 10;
/** Of anything else that the server does with its workers: parallel queries. */
const OTHER_WORKERS = 8;

function atLeast(name: string, least: number, why: string): Rule {
  return { name, wanted: `at least ${least}`, why, holds: (value) => Number(value) >= least };
}

/** `physicalSlots`: of standbys of this region (R17); `standbySlots`: what of them synchronized_standby_slots must name, null: it is not judged;
 * `regions`: all of the mesh, this one included. */
export interface MeshShape {
  readonly regions: number;
  readonly physicalSlots: readonly string[];
  readonly standbySlots: readonly string[] | null;
}

function rulesFor({ regions, physicalSlots, standbySlots }: MeshShape, syncWorkers: number): Rule[] {
  const peers = Math.max(0, regions - 1);
  const perPeer = 1 + syncWorkers;
  const workers = peers * (perPeer + 1);
  const standbys = physicalSlots.length;
  const links = `${peers} other regions, and copies of ${syncWorkers} tables at once for each`;
  return [
    { name: 'wal_level', wanted: 'logical', why: 'no other region can subscribe', holds: (value) => value === 'logical' },
    atLeast('max_replication_slots', peers * (perPeer + 1) + standbys, `slots for ${links}, and one that replaces a lost one`),
    atLeast('max_wal_senders', peers * perPeer + standbys, `senders for ${links}`),
    atLeast('max_active_replication_origins', peers * (perPeer + 1), `origins for ${links}`),
    atLeast('max_logical_replication_workers', workers, `apply workers for ${links}, and one that applies in parallel for each`),
    atLeast('max_worker_processes', workers + 1 + OTHER_WORKERS, 'the workers above, their launcher, and parallel queries'),
    ...['wal_sender_timeout', 'wal_receiver_timeout'].map((name) => ({
      name,
      wanted: '10000 ms',
      why: `a link over a network that swallows packets must break within ${TIMEOUT_MS_MAX} ms`,
      holds: (value: string) => Number(value) > 0 && Number(value) <= TIMEOUT_MS_MAX,
    })),
    {
      name: 'wal_writer_delay',
      wanted: `${WRITER_DELAY_MS_MAX} ms`,
      why: 'every confirmation to a peer waits for it',
      holds: (value) => Number(value) <= WRITER_DELAY_MS_MAX,
    },
    {
      name: 'max_slot_wal_keep_size',
      wanted: 'a bound, in MB',
      why: 'a peer that is away keeps the log without end, until the disk is full',
      holds: (value) => Number(value) > 0,
    },
    {
      name: 'idle_replication_slot_timeout',
      wanted: '0',
      why: 'the slot of a peer that is away for a while would be thrown away',
      holds: (value) => Number(value) === 0,
    },
    {
      name: 'synchronized_standby_slots',
      wanted: standbySlots?.join(', ') || 'empty',
      why: 'peers would be ahead of a standby that is promoted, and skip what it writes next in silence; or wait for one that is dead',
      holds: () => standbySlots === null,
    },
  ];
}

/** A setting that the server does not have (of another version) is not wrong. */
export function wrongSettings(seen: readonly SettingSeen[], shape: MeshShape): WrongSetting[] {
  const values = new Map(seen.map((one) => [one.name, one]));
  const syncWorkers = Number(values.get('max_sync_workers_per_subscription')?.setting ?? 2);
  return rulesFor(shape, syncWorkers).flatMap(({ name, wanted, why, holds }) => {
    const found = values.get(name);
    if (found === undefined || holds(found.setting)) return [];
    return [{ name, value: found.unit === null ? found.setting : `${found.setting} ${found.unit}`, wanted, why }];
  });
}

export function sentenceOfSetting({ name, value, wanted, why }: WrongSetting): string {
  return `${name} is ${value === '' ? 'empty' : value}, wanted ${wanted}: ${why}`;
}
