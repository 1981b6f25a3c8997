-- What a publication to this member carries under a schema version: tables, columns, and the rows that it may get. Columns in the order of the table and
-- the filter as the catalog writes it, so that what is there can be compared with it.
-- In a mesh with zones a member gets the rows of its own zone and those that belong to everybody; a member that is not known, nothing.
create or replace function workflow.publication_contract(p_member uuid, p_version int)
  returns table (table_name text, columns text[], row_filter text)
  language sql stable security definer
  set search_path = ''
as $$
  select c.relname::text, array_agg(a.attname::text order by a.attnum),
         case when h.has_zones then format('(residency = ANY (ARRAY[''global''::text, %L::text]))', m.zone) end
    from workflow.mesh h
    join workflow.region_members m on m.member_id = p_member
   cross join workflow.replicated_columns r
    join pg_catalog.pg_class c on c.relname = r.table_name and c.relnamespace = 'workflow'::regnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = r.column_name and not a.attisdropped
   where r.since <= p_version
   group by c.relname, h.has_zones, m.zone
$$;
