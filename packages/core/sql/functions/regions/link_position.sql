-- How far this database has applied the stream of that member (D5 ranks by it); null: nothing of it counts.
-- While a link that was made anew is not whole, the position that the former one had. Durable when it is answered: the progress is flushed first.
-- Limit: the transactions of a worker that is still running come after it; finish_seal asks when the worker is gone.
create or replace function workflow.link_position(p_member uuid)
  returns pg_lsn
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_link    workflow.mesh_links;
  v_origin  text;
begin
  select * into v_link from workflow.mesh_links l where l.member_id = p_member;
  if v_link.whole_at is null then
    return v_link.kept_position;
  end if;
  select o.roname into v_origin
    from pg_catalog.pg_subscription s
    join pg_catalog.pg_replication_origin o on o.roname = 'pg_' || s.oid
   where s.subname = workflow.subscription_of(p_member)
     and s.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database());
  if not found then
    return v_link.whole_position;
  end if;
  return greatest(v_link.whole_position, pg_catalog.pg_replication_origin_progress(v_origin, true));
end $$;
