-- Looks for what must not be in a mesh with zones (R13), at this region: rows of another zone, publications that send more or less than their destination
-- may have, and peers that read another publication than their own (PostgreSQL lets region_replicator read any). No row: nothing was found.
-- In a mesh without zones there is nothing to look for. It reads every replicated table: for operators, not for loops.
create or replace function workflow.verify_residency()
  returns table (what text, subject text, sentence text)
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_zone  text := (select m.zone from workflow.mesh h join workflow.region_members m on m.member_id = workflow.own_member() where h.has_zones);
  v_table text;
begin
  if v_zone is null then
    return;
  end if;
  for v_table in select distinct r.table_name from workflow.replicated_columns r order by 1 loop
    return query execute format(
      'select ''foreign_rows'', %1$L, format(''%%s rows of %%s in %%s, which is not their zone'', count(*), t.residency, %2$L)
         from workflow.%1$I t where t.residency not in (''global'', %2$L) group by t.residency order by t.residency', v_table, v_zone);
  end loop;
  return query
    select 'publication', t.pubname || '.' || t.tablename,
           format('%s sends %s with the filter %s, and its destination may have %s', t.pubname, t.tablename, coalesce(t.rowfilter, 'none'),
                  coalesce(c.row_filter, 'nothing'))
      from pg_catalog.pg_publication_tables t
      left join workflow.region_members m on workflow.publication_to(m.member_id) = t.pubname and m.state <> 'gone'
      left join workflow.mesh_links l on l.member_id = m.member_id
      left join lateral workflow.publication_contract(m.member_id, l.published_version) c on c.table_name = t.tablename
     where t.pubname like 'pub\_to\_%' and t.rowfilter is distinct from c.row_filter
     order by 1, 2;
  return query
    select 'reader', s.slot_name::text, format('the reader of slot %s asks for another publication than its own: %s', s.slot_name, a.query)
      from pg_catalog.pg_replication_slots s
      join pg_catalog.pg_stat_activity a on a.pid = s.active_pid
     where s.slot_name like 'sub\_%\_from\_%' and s.database = current_database()
       and position('publication_names ''"pub_to_' || substr(s.slot_name, 5, 12) || '"''' in a.query) = 0
     order by 2;
end $$;
