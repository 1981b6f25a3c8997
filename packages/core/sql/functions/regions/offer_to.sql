-- What this database has for a peer that wants its rows, asked by the peer over the way that its link will take (as region_replicator): who this is,
-- where its log is, the publication to the peer (null: none yet), the slots of its links, and this database's own link_report().
-- Slots are those of the peer, whatever their generation.
create or replace function workflow.offer_to(p_member uuid)
  returns table (member_id uuid, in_recovery boolean, flushed pg_lsn, publication jsonb, slots jsonb, report jsonb)
  language sql stable security definer
  set search_path = ''
as $$
  select i.member_id,
         pg_catalog.pg_is_in_recovery(),
         case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_last_wal_replay_lsn() else pg_catalog.pg_current_wal_flush_lsn() end,
         (select jsonb_object_agg(t.tablename, to_jsonb(t.attnames))
            from pg_catalog.pg_publication_tables t
           where t.pubname = workflow.publication_to(p_member)),
         (select coalesce(jsonb_agg(jsonb_build_object(
                   'name', s.slot_name, 'active', s.active, 'confirmed', s.confirmed_flush_lsn,
                   'lost', s.invalidation_reason is not null or s.wal_status = 'lost') order by s.slot_name), '[]')
            from pg_catalog.pg_replication_slots s
           where s.slot_type = 'logical' and not s.temporary and s.database = current_database()
             and starts_with(s.slot_name::text, 'sub_' || left(replace(p_member::text, '-', ''), 12) || '_from_'
                                                      || left(replace(i.member_id::text, '-', ''), 12))),
         workflow.link_report()
    from (select workflow.own_member() as member_id) i
$$;
