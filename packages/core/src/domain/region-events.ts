// What failover_events tells about regions: a closed list. SQL writes each with its sentence, in the transaction of what it tells (note_region_event); the
// monitor's log repeats the sentence.

/** Kind -> its level in the log, which finds the sentence in the table (tellRegionEvents); null: whoever acts logs the same sentence himself. `info`: something got
 * well, or was asked for. */
export const REGION_EVENT_KINDS = {
  mesh_founded: 'info',
  mesh_joined: 'info',
  /** A takeover that an operator forced: a new mesh. */
  mesh_forced: 'warn',
  groups_taken: 'warn',
  groups_moved: 'info',
  groups_adopted: 'info',
  moves_begun: null,
  moves_given_up: null,
  member_changed: 'info',
  member_suspected: 'warn',
  member_trusted: 'info',
  member_sealed: 'warn',
  member_unsealed: 'info',
  region_lease_lost: 'warn',
  region_lease_won: 'info',
  region_stopped: 'warn',
  region_renewed: 'info',
  region_command_done: 'info',
  region_command_failed: 'warn',
  link_lost: null,
  link_whole: null,
  claims_stopped: null,
  claims_go_on: null,
  standby_slots_set: null,
} as const satisfies Record<string, 'info' | 'warn' | null>;

export type RegionEventKind = keyof typeof REGION_EVENT_KINDS;

export const REGION_EVENTS_TO_LOG: readonly RegionEventKind[] = (Object.keys(REGION_EVENT_KINDS) as RegionEventKind[]).filter(
  (kind) => REGION_EVENT_KINDS[kind] !== null,
);
