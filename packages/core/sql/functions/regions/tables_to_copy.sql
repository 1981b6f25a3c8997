-- How many tables of the link from that member have not been copied yet; null while it has none (it was never refreshed) or is not there.
create or replace function workflow.tables_to_copy(p_member uuid)
  returns int
  language sql stable security definer
  set search_path = ''
as $$
  select case when count(*) > 0 then (count(*) filter (where r.srsubstate <> 'r'))::int end
    from pg_catalog.pg_subscription s
    join pg_catalog.pg_subscription_rel r on r.srsubid = s.oid
   where s.subname = workflow.subscription_of(p_member)
     and s.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
$$;
