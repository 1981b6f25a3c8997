// The queries of TopologyReader. Of what time a copy is: a home writes into its stream, in the order of its commits, how far it is confirmed (the ledger);
// when that row was written, everything committed before it had been sent before it.

const HOME_COLUMNS = `
  h.tenant_id, h.placement_group, h.region, h.member_id, h.tenure, coalesce(h.member_id = workflow.own_member(), false) as here,
  coalesce(r.residency, 'global') as zone,
  case when h.member_id <> workflow.own_member() then l.written_at end as as_of`;

const HOME_JOINS = `
  left join workflow.tenant_registry r on r.tenant_id = h.tenant_id
  left join workflow.stream_ledger l on l.writer = h.member_id and l.residency = 'global'`;

export const HOMES = `select ${HOME_COLUMNS} from workflow.home_of($1::text[]) h ${HOME_JOINS}`;

export const TENANT = `
  select ${HOME_COLUMNS}, r.tenant_id is not null as registered, r.own_group is not null as own_group,
         coalesce(r.fallback_regions, '{}') as fallback_regions, coalesce(r.default_durability, 'local') as default_durability
    from workflow.home_of(array[$1::text]) h ${HOME_JOINS}`;

export const COPIES_AS_OF = `
  select case when count(*) = count(l.written_at) then min(l.written_at) end as as_of, count(*) > 0 as foreign
    from workflow.region_members m
    left join workflow.stream_ledger l on l.writer = m.member_id and l.residency = 'global'
   where m.member_id <> workflow.own_member() and m.state <> 'gone'
     and exists (select from workflow.placement p where p.member_id = m.member_id)`;

export const TENANT_OF_RUN = `select r.tenant_id from workflow.workflow_runs r where r.run_id = $1::uuid`;

export const TENANT_OF_SUBMISSION = `
  select r.tenant_id from workflow.workflow_runs r where r.run_id = $1::uuid
  union all
  select q.tenant_id from workflow.run_requests q where q.request_id = $1::uuid limit 1`;

export const EXPECTED_VERSION = `
  select from workflow.decided_versions d where d.slug = $1 and ($2::int is null or d.version = $2::int)
  union all
  select from workflow.log_wishes w where w.epoch is null and $2::int is null and w.item ->> 'item' = 'version' and w.item ->> 'slug' = $1
  limit 1`;

export const OPEN_WISH = `
  select from workflow.log_wishes w where w.epoch is null and $1 in (w.item ->> 'definition_id', w.item ->> 'key_id') limit 1`;

export const MESH = `
  select m.mesh_id, m.region, m.has_zones, m.last_epoch, m.member_epoch, m.founded_at, m.stopped_reason from workflow.mesh m`;

/** A lease that never ends ('infinity') has no date. */
export const MEMBERS = `
  select m.member_id, m.region, m.zone, m.state, m.member_id = i.member_id as here,
         (select count(*) from workflow.placement p where p.member_id = m.member_id) as groups,
         case when m.member_id = i.member_id and isfinite(o.expires_at) then o.expires_at end as lease_expires_at,
         case when m.member_id = i.member_id then workflow.lease_left_ms() end as lease_left_ms,
         g.granted_at, coalesce(g.lease_live, false) as lease_live, g.reached_at, x.member_id is not null as suspected, s.sealed_at,
         l.written_at as as_of
    from workflow.installation i
   cross join workflow.region_lease o
    join workflow.region_members m on m.state <> 'gone'
    left join workflow.lease_grants g on g.member_id = m.member_id and m.member_id <> i.member_id
    left join workflow.region_suspicions x on x.member_id = m.member_id
    left join workflow.region_seals s on s.member_id = m.member_id
    left join workflow.stream_ledger l on l.writer = m.member_id and l.residency = 'global' and m.member_id <> i.member_id
   order by m.region`;

export const MOVING = `
  select g.placement_group, g.target, g.mark, g.marked_at from workflow.group_moves g order by g.placement_group limit 1000`;

export const LOG = `
  select t.epoch, t.value, t.decided_at, t.learned_at
    from workflow.topology t
   where $1::bigint is null or t.epoch < $1
   order by t.epoch desc
   limit $2`;

export const NAMES = `select m.member_id, m.region from workflow.region_members m`;

export const COMMAND = `
  select c.command_id, c.command, c.arguments, c.state, c.requested_by, c.requested_at, c.finished_at, c.outcome
    from workflow.region_commands c
   where c.command_id = $1::uuid`;

const CONFLICT_COLUMNS = 'c.conflict_id, c.at, c.sender, c.table_name, c.kind, c.run_id, c.incoming_epoch, c.stored_epoch';

export const CONFLICTS = `
  select ${CONFLICT_COLUMNS}
    from workflow.replication_conflicts c
   where ($1::bigint is null or c.conflict_id < $1) and ($3::text is null or c.kind = $3) and ($4::uuid is null or c.run_id = $4)
   order by c.conflict_id desc
   limit $2`;

export const CONFLICT = `
  select ${CONFLICT_COLUMNS}, c.incoming, c.stored from workflow.replication_conflicts c where c.conflict_id = $1::bigint`;
