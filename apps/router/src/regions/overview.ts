// What this region knows of the mesh, as one picture: members and leases, how far each peer is behind this region's stream, what is sealed, what moves.
// One region alone is a mesh of itself: its lease has no end, and everything is at home here.
import type { Config, MemberRow, MeshReader, PeerSlotRow, TopologyReader } from '@singularity-workflow/core';
import type { z } from 'zod';
import type { Regions } from '../wire/region.wire.js';

type RegionsOnWire = z.infer<typeof Regions>;
type RegionOnWire = RegionsOnWire['regions'][number];

/** What lease_left_ms says of a lease that has no end. */
const ENDLESS_MS = 2_147_483_647;

export interface RegionOverviewParts {
  readonly topology: Pick<TopologyReader, 'mesh' | 'members' | 'moving'>;
  readonly mesh: Pick<MeshReader, 'slots'>;
  readonly config: Pick<Config, 'region' | 'regions'>;
}

export class RegionOverview {
  constructor(private readonly parts: RegionOverviewParts) {}

  async look(): Promise<RegionsOnWire> {
    const { topology, mesh: meshReader } = this.parts;
    const mesh = await topology.mesh();
    if (mesh === null) return this.alone();
    const [members, slots, moving] = await Promise.all([topology.members(), meshReader.slots(), topology.moving()]);
    const slotOf = new Map(slots.map((slot) => [slot.memberId, slot]));
    return {
      region: mesh.region,
      mesh_id: mesh.meshId,
      has_zones: mesh.hasZones,
      epoch: mesh.lastEpoch,
      member_epoch: mesh.memberEpoch,
      founded_at: mesh.foundedAt.toISOString(),
      stopped_reason: mesh.stoppedReason,
      rpo: rpoOf(slots),
      regions: members.map((member) => this.regionOf(member, slotOf.get(member.memberId) ?? null)),
      moves: moving.map(({ placementGroup: group, target, mark, markedAt }) => ({
        group,
        target,
        mark: mark as RegionsOnWire['moves'][number]['mark'],
        since: markedAt.toISOString(),
      })),
    };
  }

  private regionOf(member: MemberRow, slot: PeerSlotRow | null): RegionOnWire {
    return {
      id: member.region,
      member_id: member.memberId,
      zone: member.zone,
      state: member.state as RegionOnWire['state'],
      here: member.here,
      groups: member.groups,
      lease: {
        live: member.here ? member.leaseLeftMs !== null : member.leaseLive,
        left_ms: member.leaseLeftMs === ENDLESS_MS ? null : member.leaseLeftMs,
        expires_at: iso(member.leaseExpiresAt),
        granted_at: iso(member.grantedAt),
      },
      reached_at: iso(member.reachedAt),
      suspected: member.suspected,
      sealed_at: iso(member.sealedAt),
      link: slot === null ? null : linkOf(slot),
      as_of: iso(member.asOf),
      routers: this.routersOf(member.region),
    };
  }

  private routersOf(region: string): string[] {
    return [...(this.parts.config.regions?.find(({ id }) => id === region)?.routers ?? [])];
  }

  private alone(): RegionsOnWire {
    const { region } = this.parts.config;
    const lease = { live: true, left_ms: null, expires_at: null, granted_at: null };
    const only: RegionOnWire = {
      id: region,
      member_id: null,
      zone: 'global',
      state: 'full',
      here: true,
      groups: null,
      lease,
      reached_at: null,
      suspected: false,
      sealed_at: null,
      link: null,
      as_of: null,
      routers: this.routersOf(region),
    };
    const epochs = { epoch: 0, member_epoch: 0, founded_at: null, stopped_reason: null };
    return { region, mesh_id: null, has_zones: false, ...epochs, rpo: null, regions: [only], moves: [] };
  }
}

function linkOf({ active, healthy, whole, slotName, lagBytes, lagSeconds, retainedBytes }: PeerSlotRow): RegionOnWire['link'] {
  return { active, healthy, whole, slot: slotName, lag_bytes: lagBytes, lag_seconds: lagSeconds, retained_bytes: retainedBytes };
}

/** Who has most of this region's stream takes over from it: what that one lacks is what would be lost. */
function rpoOf(slots: readonly PeerSlotRow[]): RegionsOnWire['rpo'] {
  const heirs = slots.filter(({ state }) => state === 'full');
  if (heirs.length === 0) return null;
  const counted = heirs.filter(({ healthy, whole }) => healthy && whole);
  const best = counted.toSorted((a, b) => (a.lagBytes ?? Infinity) - (b.lagBytes ?? Infinity))[0];
  return { bytes: best?.lagBytes ?? null, seconds: best === undefined ? null : (best.lagSeconds ?? 0) };
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
