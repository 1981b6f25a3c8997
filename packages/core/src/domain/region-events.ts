// What failover_events tells about regions: a closed list. SQL writes each with its sentence, in the transaction of what it tells (note_region_event); the
// monitor's log repeats the sentence.

/** Kind -> whether the log finds the sentence in the table (tellRegionEvents); false: whoever acts logs the same sentence himself. */
export const REGION_EVENT_KINDS = {
  mesh_founded: true,
  mesh_joined: true,
  /** A takeover that an operator forced: a new mesh. */
  mesh_forced: true,
  groups_taken: true,
  groups_moved: true,
  groups_adopted: true,
  moves_begun: false,
  moves_given_up: false,
  member_changed: true,
  member_suspected: true,
  member_trusted: true,
  member_sealed: true,
  member_unsealed: true,
  region_lease_lost: true,
  region_lease_won: true,
  region_stopped: true,
  region_renewed: true,
  region_command_done: true,
  region_command_failed: true,
  link_lost: false,
  link_whole: false,
  claims_stopped: false,
  claims_go_on: false,
  standby_slots_set: false,
} as const;

export type RegionEventKind = keyof typeof REGION_EVENT_KINDS;

export const REGION_EVENTS_TO_LOG: readonly RegionEventKind[] = (Object.keys(REGION_EVENT_KINDS) as RegionEventKind[]).filter(
  (kind) => REGION_EVENT_KINDS[kind],
);
