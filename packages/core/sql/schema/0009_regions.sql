-- Several regions: who is a member, where each placement group is at home, and what each member promised, granted and sealed.
-- All of it is local: it is learned by calls (decision plane, D1-D9), never replicated. One region alone has no row in workflow.mesh, and none of the
-- other tables has one either: then everything is at home here under tenure 1, and the lease is infinite.

create table workflow.mesh (
  singleton       boolean     primary key default true,
  mesh_id         uuid        not null,
  region          text        not null,
  has_zones       boolean     not null,
  last_epoch      bigint      not null,
  member_epoch    bigint      not null,
  founded_at      timestamptz not null,
  stopped_reason  text,
  constraint one_row_only check (singleton)
);
comment on table workflow.mesh is 'There is a row iff this database belongs to a mesh; it is written by the epoch that founds or joins it. Whoever promises, accepts or grants holds it shared, whoever learns an epoch for itself.';
comment on column workflow.mesh.stopped_reason is 'Why this member answers nobody any more (a restored backup has lost what it promised): it joins anew, under another member id.';
comment on column workflow.mesh.last_epoch is 'The last that this member knows.';
comment on column workflow.mesh.member_epoch is 'The last known epoch that changed a member: the next such change stands behind its barrier (D7).';

-- D1: the log. Append-only, without gaps.
create table workflow.topology (
  epoch       bigint      primary key,
  value       jsonb       not null,
  decided_at  timestamptz not null,
  learned_at  timestamptz not null,
  constraint epochs_begin_at_one check (epoch >= 1),
  constraint a_value_has_a_version_and_a_kind check (value ? 'version' and value ? 'kind')
);

create table workflow.region_members (
  member_id     uuid    primary key,
  region        text    not null,
  zone          text    not null,
  state         text    not null,
  addresses     jsonb   not null default '{}',
  member_epoch  bigint  not null,
  constraint member_state_known check (state in ('joining', 'full', 'retiring', 'copying', 'gone'))
);
create unique index one_member_per_region on workflow.region_members (region) where state <> 'gone';
comment on column workflow.region_members.member_epoch is 'The epoch that took the member into this state.';
comment on column workflow.region_members.state is 'joining: copies, no vote. full. retiring: votes, not counted for a quorum. copying: votes, no rank, copies again. gone.';

create table workflow.placement (
  placement_group  text    primary key,
  region           text    not null,
  member_id        uuid    not null,
  tenure           bigint  not null,
  split_from       text,
  split_tenure     bigint,
  constraint split_together check ((split_from is null) = (split_tenure is null))
);
comment on column workflow.placement.tenure is 'The epoch in which the group last changed its home: home_epoch of what is written under it.';
comment on column workflow.placement.split_from is 'The group that this tenant''s own group left (R4): markers of that one count as its own up to split_tenure, later ones never.';
create index placement_by_member on workflow.placement (member_id);

create table workflow.placement_history (
  placement_group  text    not null,
  tenure           bigint  not null,
  region           text    not null,
  member_id        uuid    not null,
  primary key (placement_group, tenure)
);

create table workflow.tenant_registry (
  tenant_id           text    primary key,
  residency           text    not null,
  own_group           text    unique,
  fallback_regions    text[]  not null default '{}',
  default_durability  text    not null default 'local',
  epoch               bigint  not null,
  constraint durability_known check (default_durability in ('local', 'quorum'))
);

-- D2: the acceptor of the epoch after the last that this member knows. Rows of decided epochs are removed when the epoch is learned.
create table workflow.ballots (
  epoch            bigint  primary key,
  promised         bigint  not null,
  accepted_ballot  bigint,
  accepted_value   jsonb,
  constraint accepted_together check ((accepted_ballot is null) = (accepted_value is null)),
  constraint accepted_at_most_what_was_promised check (accepted_ballot <= promised)
);
create table workflow.ballot_numbers (
  singleton   boolean primary key default true,
  last_round  bigint  not null,
  constraint one_row_only check (singleton)
);
comment on table workflow.ballot_numbers is 'The highest round of a ballot that this member gave out itself, over all epochs.';

-- D3: what this member granted to each member, itself included; the row is what grant_lease and begin_seal lock.
create table workflow.lease_grants (
  member_id       uuid        primary key,
  last_round      bigint      not null default 0,
  grants          bigint      not null default 0,
  live_calls      bigint      not null default 0,
  granted_at      timestamptz,
  lease_live      boolean     not null default false,
  lease_ms        int,
  schema_version  int,
  reached_at      timestamptz,
  withheld        boolean     not null default false
);
comment on column workflow.lease_grants.grants is 'How many grants the member ever got from here: begin_seal refuses if it rose since suspicion began.';
comment on column workflow.lease_grants.live_calls is 'How many of its calls said that it has a lease: one that never says so for long is suspected though it is granted to (D4).';
comment on column workflow.lease_grants.reached_at is 'When this region''s monitor last had an answer from that member''s database: nobody grants to whom he cannot reach.';
comment on column workflow.lease_grants.withheld is 'A majority suspects the member: it gets no further grant from here (D4).';

-- D3: this region's own lease: good until `expires_at`, on the server that was started at `server_started_at`, won under `epoch`. 'infinity': the mesh
-- has one member. A round has its number, its clock and its server durably here before its first call.
create table workflow.region_lease (
  singleton             boolean     primary key default true,
  round                 bigint      not null default 0,
  round_epoch           bigint,
  round_began_at        timestamptz,
  round_server_started  timestamptz,
  lease_ms              int         not null default 5000,
  expires_at            timestamptz,
  server_started_at     timestamptz,
  epoch                 bigint,
  constraint one_row_only check (singleton)
);
comment on column workflow.region_lease.epoch is 'The last epoch that this member knew when it began the round that won the lease.';

-- D4: whom this region's monitor suspects, and since which count of grants.
create table workflow.region_suspicions (
  member_id    uuid        primary key,
  grants_seen  bigint      not null,
  granting     boolean     not null,
  noted_at     timestamptz not null
);
comment on column workflow.region_suspicions.granting is 'It says for long that it has no lease, but is still granted to from here.';

-- D5: whom this member has sealed. A seal counts for `epoch` only, and only with ranks; the link stays disabled until unseal removes the row.
create table workflow.region_seals (
  member_id      uuid        primary key,
  epoch          bigint,
  deposed_epoch  bigint,
  sealed_at      timestamptz not null,
  ranks          jsonb,
  constraint ranks_are_of_an_epoch check (epoch is not null or ranks is null)
);
comment on column workflow.region_seals.epoch is 'Null: no seal any more, only the link is still disabled.';
comment on column workflow.region_seals.deposed_epoch is 'The last epoch that took groups from it: the link is enabled when its own database knows that (D8).';
comment on column workflow.region_seals.ranks is '{group: {"adoption": epoch, "stream": member id, "position": lsn}}; null until the apply worker is gone and finish_seal was called for this epoch.';

-- R10: groups that are being moved away: draining (no claims, no new runs), then stopped (nothing is written).
create table workflow.group_moves (
  placement_group  text        primary key,
  target           text        not null,
  mark             text        not null,
  tenure           bigint      not null,
  marked_at        timestamptz not null,
  drain_until      timestamptz not null,
  stopped_position pg_lsn,
  constraint mark_known check (mark in ('draining', 'stopped')),
  constraint stopped_iff_position check ((stopped_position is not null) = (mark = 'stopped'))
);

-- R8: the ledger. `tick` rises every second; written_tick of a row is the tick that its transaction read after it had its id.
create table workflow.stream_clock (
  singleton boolean primary key default true,
  tick      bigint  not null default 0,
  constraint one_row_only check (singleton)
);
create table workflow.stream_ticks (  -- ticks that ended and are not confirmed by everybody yet
  tick      bigint      primary key,
  ended_at  timestamptz not null,
  next_xid  xid8        not null,
  position  pg_lsn
);
comment on column workflow.stream_ticks.position is 'Noted when every transaction that was open at the end of the tick has ended: all rows of the tick lie before it.';

insert into workflow.stream_clock default values;
insert into workflow.region_lease default values;
insert into workflow.ballot_numbers (last_round) values (0);

-- Operators' wishes that change the topology; the monitor proposes them and records the outcome.
create table workflow.region_commands (
  command_id    uuid        primary key,
  command       text        not null,
  arguments     jsonb       not null,
  state         text        not null default 'requested',
  requested_by  text,
  requested_at  timestamptz not null,
  finished_at   timestamptz,
  outcome       text,
  constraint state_known check (state in ('requested', 'working', 'done', 'failed')),
  constraint finished_iff_over check ((finished_at is not null) = (state in ('done', 'failed')))
);
