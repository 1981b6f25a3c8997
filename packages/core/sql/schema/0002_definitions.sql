-- Workflow definitions: immutable, named by their content.

-- Replicated. Every database writes its own copy (writer), so that one stream carries a definition before its first run.
create table workflow.workflow_definitions (
  definition_id  uuid        not null,
  writer         uuid        not null,
  residency      text        not null default 'global',
  slug           text        not null,
  definition     jsonb       not null,
  home_epoch     bigint      not null,
  revision       bigint      not null default 1,
  written_tick   bigint      not null,
  created_at     timestamptz not null,
  primary key (definition_id, writer, residency),
  constraint a_definition_belongs_to_everybody check (residency = 'global')
);
comment on column workflow.workflow_definitions.definition_id is
  'The first 128 bits of the sha256 of the canonical definition.';

-- Local: derived from the definition wherever it arrives. Options are resolved here (step over workflow over default).
create table workflow.workflow_steps (
  definition_id   uuid     not null,
  step_slug       text     not null,
  step_index      int      not null,
  step_level      int      not null default 0,
  kind            text     not null,
  over_step       text,
  over_path       text[]   not null default '{}',
  dependencies    text[]   not null default '{}',
  dependents      text[]   not null default '{}',
  queue           text     not null,
  max_attempts    int      not null,
  base_delay_ms   bigint   not null,
  max_delay_ms    bigint   not null,
  start_delay_ms  bigint   not null,
  timeout_ms      bigint   not null,
  when_exhausted  text     not null,
  primary key (definition_id, step_slug),
  constraint kind_known           check (kind in ('single', 'map')),
  constraint when_exhausted_known check (when_exhausted in ('fail', 'skip', 'skip-cascade')),
  constraint only_a_map_has_a_source      check (kind = 'map' or over_step is null),
  constraint a_source_is_the_only_dependency
    check (kind = 'single' or dependencies = coalesce(array[over_step], '{}') or (over_step is null and dependencies = '{}'))
);

comment on column workflow.workflow_steps.step_level is 'The longest way from a root, in steps: what orders events of the same instant.';

create table workflow.workflow_step_dependencies (
  definition_id  uuid not null,
  step_slug      text not null,
  depends_on     text not null,
  primary key (definition_id, step_slug, depends_on)
);
create index workflow_step_dependents on workflow.workflow_step_dependencies (definition_id, depends_on) include (step_slug);

-- Local: which content is which version of a slug, and which one a start by slug takes.
create table workflow.workflow_versions (
  slug           text        not null,
  version        int         not null,
  definition_id  uuid        not null,
  total_steps    int         not null,
  root_map       text,
  active         boolean     not null default false,
  registered_at  timestamptz not null,
  activated_at   timestamptz,
  primary key (slug, version),
  unique (slug, definition_id),
  constraint an_active_version_was_activated check (not active or activated_at is not null)
);
comment on column workflow.workflow_versions.root_map is 'A map step that takes the run input: then the input must be an array.';
create unique index one_active_version_per_slug on workflow.workflow_versions (slug) where active;
