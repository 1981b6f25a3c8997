-- What this database says to its peers about its links: {"schema": 12, "links": {"<member id>": {"slot": "...", "whole": true, "serves": 12}}}.
-- serves: the highest schema version whose tables the link brings (R14: a new table is written only when everybody's link serves it); null: none yet.
create or replace function workflow.link_report()
  returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  with schema as (
    select max(v.version) as version from workflow.schema_migrations v
  ), brought as (
    select l.member_id, c.relname as table_name
      from workflow.mesh_links l
      join pg_catalog.pg_subscription s on s.subname = workflow.subscription_of(l.member_id)
       and s.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
      join pg_catalog.pg_subscription_rel r on r.srsubid = s.oid and r.srsubstate = 'r'
      join pg_catalog.pg_class c on c.oid = r.srrelid
  ), served as (
    select l.member_id,
           (select max(v.version)
              from workflow.schema_migrations v
             where v.version >= (select min(t.since) from workflow.replicated_columns t)
               and not exists (select from workflow.replicated_columns t
                                where t.since <= v.version and (l.member_id, t.table_name) not in (select b.member_id, b.table_name from brought b))
           ) as version
      from workflow.mesh_links l
     where l.made_at is not null
  )
  select jsonb_build_object(
           'schema', (select version from schema),
           'links', coalesce(jsonb_object_agg(l.member_id, jsonb_build_object('slot', l.slot_name, 'whole', l.whole_at is not null, 'serves', v.version))
                             filter (where l.member_id is not null), '{}'))
    from workflow.mesh_links l
    join served v using (member_id)
$$;
