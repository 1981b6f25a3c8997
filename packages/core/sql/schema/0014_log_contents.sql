-- What the log of decisions says besides places and members (D1): versions of workflows, and API keys. All of it is local: learned by calls, never replicated.
-- One region alone has no row in decided_versions and log_wishes; its versions are those of workflow_versions, its keys have no epoch.

-- Which content is which version of a slug, as decided. What starts take is workflow_versions: those of them whose definition is here.
create table workflow.decided_versions (
  slug           text        not null,
  version        int         not null,
  definition_id  uuid        not null,
  active         boolean     not null,
  epoch          bigint      not null,
  decided_at     timestamptz not null,
  activated_at   timestamptz,
  primary key (slug, version),
  unique (slug, definition_id),
  constraint an_active_version_was_activated check (not active or activated_at is not null)
);
create unique index one_decided_active_version on workflow.decided_versions (slug) where active;
create index decided_versions_by_definition on workflow.decided_versions (definition_id);

create table workflow.api_keys (
  key_id      uuid        primary key,
  key_sha256  bytea       not null unique,
  name        text        not null,
  role        text        not null,
  tenants     text[]      not null,
  created_at  timestamptz not null,
  expires_at  timestamptz,
  revoked_at  timestamptz,
  epoch       bigint,
  constraint role_known check (role in ('tenant', 'operator', 'admin')),
  constraint tenants_iff_tenant check ((role = 'tenant') = (cardinality(tenants) > 0)),
  constraint a_hash_is_one check (length(key_sha256) = 32)
);
comment on column workflow.api_keys.key_sha256 is 'The key itself is nowhere: whoever made it was told it once.';
comment on column workflow.api_keys.epoch is 'In which the log admitted it; null: of one region alone.';

-- What this region wants to have in the log: its monitor proposes it. Rows that are decided stay for a day, for whoever asks what became of them.
create table workflow.log_wishes (
  wish_id    bigint      generated always as identity primary key,
  item       jsonb       not null,
  wished_at  timestamptz not null,
  position   pg_lsn,
  epoch      bigint,
  outcome    text,
  told       boolean     not null default false,
  constraint outcome_iff_decided check ((epoch is null) = (outcome is null))
);
comment on column workflow.log_wishes.position is 'Its definition lies before this position of the region''s log: it is proposed when a quorum has confirmed that.';
comment on column workflow.log_wishes.told is 'The monitor has logged the outcome.';
create unique index one_wish_for_an_item on workflow.log_wishes (md5(item::text)) where epoch is null;

insert into workflow.limits (name, value, unit, description) values
  ('api_keys_max', 10000, 'keys', 'API keys that are neither revoked nor expired'),
  ('key_tenants_max', 100, 'tenants', 'tenants of one API key');
