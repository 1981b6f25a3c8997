// Regions, tenants, the log of decisions and what guarded apply kept, on the wire.
import { DURABILITIES } from '@singularity-workflow/core';
import { z } from 'zod';
import { count, durability, reading, tenantId, text, uuid } from './fields.js';
import { json } from './run.wire.js';

const DRAIN_MS_MAX = 3_600_000;
const REGIONS_MAX = 32;
const ENTRIES_PER_PAGE_MAX = 50;
const CONFLICTS_PER_PAGE_MAX = 200;

const instant = z.iso.datetime();
const instantOrNull = instant.nullable();

export const regionName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'must be lower-case letters, digits and hyphens, a letter first, at most 32' });
export const RegionParams = z.strictObject({ id: regionName });
export const TenantParams = z.strictObject({ id: tenantId });
export const CommandParams = z.strictObject({ command_id: uuid });

/** Secrets are never in the log of decisions. */
const databaseAddress = text(500)
  .refine((value) => /^postgres(ql)?:\/\//.test(value) && URL.canParse(value), {
    error: 'must be an address like postgres://user@host:5432/database',
  })
  .refine((value) => !URL.canParse(value) || new URL(value).password === '', {
    error: 'must not have a password: it would stand in the log of decisions',
  });
const routerAddress = text(500).refine((value) => /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).password === '', {
  error: 'must be an address like https://router.example.org, without a password',
});

export const AddRegion = z
  .strictObject({
    id: regionName,
    zone: regionName.default('global'),
    database: databaseAddress.optional().meta({ description: 'Where monitors call it; default: what REGIONS says of it.' }),
    replication: databaseAddress.optional(),
    routers: z.array(routerAddress).max(16).optional(),
  })
  .meta({ id: 'AddRegion' });

const drainMs = z.int().min(0).max(DRAIN_MS_MAX).optional().meta({ description: 'How long what runs may finish; default MOVE_DRAIN_MS.' });
export const FailOver = z
  .strictObject({
    force: z.boolean().default(false).meta({
      description:
        'Without a majority, in a mesh of two: a new mesh, of which the lost region is no member. What only it had is lost until its disk is read.',
    }),
    also: z.array(regionName).max(REGIONS_MAX).optional().meta({ description: 'With force: other regions that are lost too.' }),
  })
  .default({ force: false })
  .meta({ id: 'FailOverRegion' });
export const DrainBody = z.strictObject({ drain_ms: drainMs }).default({}).meta({ id: 'DrainRegion' });

export const RegionCommand = z
  .object({
    command_id: z.guid(),
    region: z.string().meta({ description: 'Whose monitor carries it out.' }),
    command: z.enum(['failover', 'evacuate', 'restore', 'resync', 'add', 'remove', 'move', 'register']),
    arguments: z.record(z.string(), json),
    state: z.enum(['requested', 'working', 'done', 'failed']),
    requested_by: z.string().nullable().meta({ description: 'Name and id of the API key; null: none was asked for.' }),
    requested_at: instant,
    finished_at: instantOrNull,
    outcome: z.string().nullable().meta({ description: 'One sentence.' }),
  })
  .meta({ id: 'RegionCommand' });

const Region = z.object({
  id: z.string(),
  member_id: z.guid().nullable().meta({ description: 'Of its database; null for one region alone.' }),
  zone: z.string(),
  state: z.enum(['joining', 'full', 'retiring', 'copying']),
  here: z.boolean().meta({ description: 'The region that answers.' }),
  groups: z.int().nullable().meta({ description: 'Placement groups that are at home there; null: all there is.' }),
  lease: z.object({
    live: z.boolean().meta({ description: 'It may execute. Of another region: it said so when it was granted its lease last from here.' }),
    left_ms: z.int().nullable().meta({ description: 'Of this region; null: of another, or without an end.' }),
    expires_at: instantOrNull,
    granted_at: instantOrNull.meta({ description: 'Of another region: when it was granted last from here.' }),
  }),
  reached_at: instantOrNull.meta({ description: "When this region's monitor had an answer from its database last." }),
  suspected: z.boolean().meta({ description: 'This region suspects that it is gone.' }),
  sealed_at: instantOrNull.meta({ description: 'Since when this region takes nothing from it: the link is disabled.' }),
  link: z
    .object({
      active: z.boolean(),
      healthy: z.boolean().meta({ description: 'There is a slot, valid, and of our history.' }),
      whole: z.boolean().meta({ description: 'It has all that was here before, and counts for quorums.' }),
      slot: z.string().nullable(),
      lag_bytes: z.int().nullable().meta({ description: 'What of this region it has not confirmed; null: there is no slot, everything.' }),
      lag_seconds: z.number().nullable(),
      retained_bytes: z.int().nullable().meta({ description: 'What its slot keeps here.' }),
    })
    .nullable()
    .meta({ description: 'From here to there; null of this region.' }),
  as_of: instantOrNull.meta({ description: 'All that was committed there before is here.' }),
  routers: z.array(z.string()).meta({ description: 'As REGIONS says here.' }),
});

export const Regions = z
  .object({
    region: z.string().meta({ description: 'The region that answers; all of it is what this one knows.' }),
    mesh_id: z.guid().nullable().meta({ description: 'Null: one region alone.' }),
    has_zones: z.boolean(),
    epoch: z.int().meta({ description: 'The last decision that is known here; 0: one region alone.' }),
    member_epoch: z.int(),
    founded_at: instantOrNull,
    stopped_reason: z.string().nullable().meta({ description: 'Why this member answers nobody any more.' }),
    rpo: z
      .object({ bytes: z.int().nullable(), seconds: z.number().nullable() })
      .nullable()
      .meta({ description: 'What of this region no other full member has, now; null: there is no other.' }),
    regions: z.array(Region),
    moves: z.array(z.object({ group: z.string(), target: z.string(), mark: z.enum(['draining', 'stopped']), since: instant })),
  })
  .meta({ id: 'Regions' });

const residency = regionName.meta({ description: 'A zone; it never changes.' });
const fallbacks = z.array(regionName).max(REGIONS_MAX).meta({
  description:
    'Where it goes on after a takeover: the first of them that lives. Members of its zone, each once. The tenant gets a group of its own.',
});
export const ChangeTenant = z
  .strictObject({ residency: residency.optional(), fallback_regions: fallbacks.optional(), default_durability: durability.optional() })
  .meta({ id: 'ChangeTenant' });
export const MoveTenant = z.strictObject({ region: regionName, drain_ms: drainMs }).meta({ id: 'MoveTenant' });
export const Tenant = z
  .object({
    tenant_id: z.string(),
    region: z.string().nullable().meta({ description: 'Its home; null: nobody knows the tenant, in a mesh with zones.' }),
    here: z.boolean(),
    group: z.string().nullable(),
    own_group: z
      .boolean()
      .meta({ description: 'The group is its own: it moves by itself. False with fallback_regions: its home has not given it one yet.' }),
    epoch: z.int().nullable().meta({ description: 'In which its home got it.' }),
    registered: z.boolean(),
    residency: z.string(),
    fallback_regions: z.array(z.string()),
    default_durability: z.enum(DURABILITIES),
  })
  .meta({ id: 'Tenant' });

const cursor = text(512).optional();
export const LogQuery = z.strictObject({ limit: count(ENTRIES_PER_PAGE_MAX).default(20), cursor, ...reading });
export const Topology = z
  .object({
    entries: z.array(
      z.object({
        epoch: z.int(),
        sentence: z.string().meta({ description: 'What it did.' }),
        value: z.record(z.string(), json).meta({ description: 'As it stands in the log.' }),
        decided_at: instant,
        learned_at: instant,
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'Topology', description: 'Decisions, newest first.' });

export const CONFLICT_KINDS = ['stale', 'superseded', 'lost_key', 'lost_run', 'newer_by_update'] as const;
export const ConflictQuery = z.strictObject({
  limit: count(CONFLICTS_PER_PAGE_MAX).default(50),
  cursor,
  kind: z.enum(CONFLICT_KINDS).optional(),
  run_id: uuid.optional(),
  ...reading,
});
export const ConflictParams = z.strictObject({
  conflict_id: z
    .string()
    .regex(/^[1-9]\d{0,15}$/, { error: 'must be a whole number' })
    .transform(Number),
});
const conflict = {
  conflict_id: z.int(),
  at: instant,
  from: z.string().meta({ description: 'The region whose stream brought the row; its subscription where that is gone.' }),
  table: z.string(),
  kind: z.enum(CONFLICT_KINDS),
  run_id: z.guid().nullable(),
  incoming_epoch: z.int().nullable(),
  stored_epoch: z.int().nullable(),
};
export const ConflictPage = z
  .object({ conflicts: z.array(z.object(conflict)), next_cursor: z.string().nullable() })
  .meta({ id: 'ConflictPage' });
export const Conflict = z
  .object({ ...conflict, incoming: json.meta({ description: 'The row that came; null: none was kept.' }), stored: json })
  .meta({ id: 'Conflict' });
