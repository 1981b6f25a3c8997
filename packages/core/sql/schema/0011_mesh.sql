-- Links between regions: what travels over them, and what is known of each peer and of the link that brings its rows. Local: never replicated.

-- The contract of the publications (R14): a column travels once every member has the schema version that it is here since; what is not here stays at
-- home. Whoever adds a column or a table that shall travel adds it here too, in the same schema file.
create table workflow.replicated_columns (
  table_name   text  not null,
  column_name  text  not null,
  since        int   not null,
  primary key (table_name, column_name)
);

insert into workflow.replicated_columns (table_name, column_name, since)
select c.relname, a.attname, 11
  from pg_catalog.pg_class c
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relnamespace = 'workflow'::regnamespace
   and c.relname in ('workflow_definitions', 'workflow_runs', 'step_states', 'step_tasks', 'step_attempts', 'run_deletions', 'workflow_schedules',
                     'group_adoptions', 'stream_ledger', 'run_requests', 'run_request_outcomes');

-- One row per peer. The peer: what its database said last. The publication: what we send it. The link: what brings its rows here.
create table workflow.mesh_links (
  member_id          uuid         primary key,
  region             text         not null,
  peer_schema        int,
  peer_report        jsonb,
  published_version  int,
  slot_name          text,
  generation         int          not null default 0,
  address_sha256     text,
  made_under         bigint,
  made_at            timestamptz,
  copied_position    pg_lsn,
  copied_at          timestamptz,
  whole_position     pg_lsn,
  whole_at           timestamptz,
  kept_position      pg_lsn,
  constraint slot_iff_made      check ((slot_name is null) = (made_at is null)),
  constraint address_iff_made   check ((address_sha256 is null) = (made_at is null)),
  constraint copied_when_made   check (copied_at is null or made_at is not null),
  constraint copied_together    check ((copied_at is null) = (copied_position is null)),
  constraint whole_when_copied  check (whole_at is null or copied_at is not null),
  constraint whole_together     check ((whole_at is null) = (whole_position is null)),
  constraint kept_until_whole   check (kept_position is null or whole_at is null)
);
comment on column workflow.mesh_links.peer_report is 'link_report() of the peer: its schema version and, per link of its own, the slot, whether it is whole, and which version it serves.';
comment on column workflow.mesh_links.published_version is 'The contract that our publication to the peer is of; it never falls.';
comment on column workflow.mesh_links.generation is 'How often a slot was made for the link; in the slot''s name from the second on.';
comment on column workflow.mesh_links.address_sha256 is 'Of the address with its password, which stands in the subscription, where nobody may read it.';
comment on column workflow.mesh_links.made_under is 'member_epoch of this region when the link was made: a member that copies again makes its links anew.';
comment on column workflow.mesh_links.copied_position is 'Where the peer''s log was when the last table of the link had been copied.';
comment on column workflow.mesh_links.whole_position is 'What the peer had written until then is here: the link was copied, and confirmed as far as that.';
comment on column workflow.mesh_links.kept_position is 'The position that a link had whose slot was lost, until the link that is made anew is whole (D7).';
