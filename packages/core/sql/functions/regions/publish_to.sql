-- Makes the publication to this member, or sets it to the contract of a schema version: in one statement, for a row that was written between two would
-- be lost in silence (R14). Inserts and updates only: no DELETE and no TRUNCATE travels (R2).
-- The version never falls: a peer that has the columns may be relying on them.
-- Waits at most a second for any lock (55P03 then; the next look tries again): the row of the monitor's lease is held meanwhile.
-- Leader only (lease failover-monitor, with p_token).
-- Errors:  WF302 lease_lost, WF001 invalid_request (no such member)
create or replace function workflow.publish_to(p_token bigint, p_member uuid, p_version int)
  returns void
  language plpgsql security definer
  set search_path = '' set lock_timeout = '1s'
as $$
declare
  v_name    text := workflow.publication_to(p_member);
  v_version int;
  v_tables  text;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.note_peer(p_token, p_member, null);
  select greatest(l.published_version, p_version) into v_version from workflow.mesh_links l where l.member_id = p_member for update;
  select string_agg(format('workflow.%I (%s)%s', c.table_name, (select string_agg(quote_ident(n), ', ') from unnest(c.columns) n),
                           coalesce(' where ' || c.row_filter, '')), ', ' order by c.table_name)
    into v_tables
    from workflow.publication_contract(p_member, v_version) c;
  if exists (select from pg_catalog.pg_publication p where p.pubname = v_name) then
    execute format('alter publication %I set table %s', v_name, v_tables);
  else
    execute format('create publication %I for table %s with (publish = ''insert, update'')', v_name, v_tables);
  end if;
  update workflow.mesh_links l set published_version = v_version where l.member_id = p_member;
end $$;
