-- What there is, and what is known, of the links with every other member that is not gone: one row each. The mesh reconciler decides by it.
-- publication_stale:  null: there is no publication to the peer; true: it is not what the contract of its published_version says
-- subscribed:         the subscription stands; enabled, slot, commit, tables and tables_to_copy are its own
-- outdated:           this region copies again since the link was made
create or replace function workflow.observe_links()
  returns table (member_id uuid, region text, state text, peer_schema int, published_version int, publication_stale boolean, generation int,
                 subscribed boolean, enabled boolean, slot text, commit text, address_sha256 text, tables text[], tables_to_copy int,
                 copied_position pg_lsn, applied_position pg_lsn, whole boolean, sealed boolean, outdated boolean)
  language sql volatile security definer
  set search_path = ''
as $$
  select m.member_id, m.region, m.state, l.peer_schema, l.published_version,
         case when p.pubname is not null then exists (
           (select t.tablename::text, t.attnames::text[], t.rowfilter from pg_catalog.pg_publication_tables t where t.pubname = p.pubname
            except select c.table_name, c.columns, c.row_filter from workflow.publication_contract(m.member_id, l.published_version) c)
           union all
           (select c.table_name, c.columns, c.row_filter from workflow.publication_contract(m.member_id, l.published_version) c
            except select t.tablename::text, t.attnames::text[], t.rowfilter from pg_catalog.pg_publication_tables t where t.pubname = p.pubname)) end,
         coalesce(l.generation, 0),
         s.oid is not null, coalesce(s.subenabled, false), s.subslotname::text, s.subsynccommit, l.address_sha256,
         coalesce((select array_agg(c.relname::text order by c.relname)
                     from pg_catalog.pg_subscription_rel r
                     join pg_catalog.pg_class c on c.oid = r.srrelid
                    where r.srsubid = s.oid), '{}'),
         workflow.tables_to_copy(m.member_id),
         l.copied_position,
         case when exists (select from pg_catalog.pg_replication_origin g where g.roname = 'pg_' || s.oid)
              then pg_catalog.pg_replication_origin_progress('pg_' || s.oid, false) end,
         l.whole_at is not null,
         exists (select from workflow.region_seals x where x.member_id = m.member_id),
         o.state = 'copying' and l.made_under < o.member_epoch
    from workflow.region_members o
    join workflow.region_members m on m.member_id <> o.member_id and m.state <> 'gone'
    left join workflow.mesh_links l on l.member_id = m.member_id
    left join pg_catalog.pg_publication p on p.pubname = workflow.publication_to(m.member_id)
    left join pg_catalog.pg_subscription s
      on s.subname = workflow.subscription_of(m.member_id)
     and s.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
   where o.member_id = workflow.own_member() and o.state <> 'gone'
   order by m.region
$$;
