-- Drops the subscription that brings that member's rows, its worker with it, and keeps the position that it had (link_position) for the one that will be
-- made anew. Not the slot: that is the peer's, and dropped there.
-- p_reachable:  false: nobody answers at its address. Then what a table copy left at the peer is left there; a DROP would wait for it.
-- Waits at most a second for any lock (55P03 then; the next look tries again): the row of the monitor's lease is held meanwhile.
-- Leader only (lease failover-monitor, with p_token). None there: nothing.
-- Errors:       WF302 lease_lost
create or replace function workflow.drop_link(p_token bigint, p_subscription text, p_reachable boolean, p_reason text default null)
  returns void
  language plpgsql security definer
  set search_path = '' set lock_timeout = '1s'
as $$
declare
  v_link workflow.mesh_links;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  if p_subscription not like 'sub\_%\_from\_%' then
    perform workflow.refuse('WF001', format('%s is not a link', p_subscription), 'subscription');
  end if;
  select * into v_link from workflow.mesh_links l where workflow.subscription_of(l.member_id) = p_subscription for update;
  if v_link.slot_name is not null and p_reason is not null
     and exists (select from workflow.region_members m where m.member_id = v_link.member_id and m.state <> 'gone') then
    perform workflow.note_region_event('link_lost', v_link.region, p_reason);
  end if;
  update workflow.mesh_links l
     set kept_position = workflow.link_position(l.member_id), slot_name = null, address_sha256 = null, made_at = null, made_under = null,
         copied_at = null, copied_position = null, whole_at = null, whole_position = null
   where l.member_id = v_link.member_id;
  if exists (select from pg_catalog.pg_subscription s
              where s.subname = p_subscription and s.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())) then
    execute format('alter subscription %I disable', p_subscription);
    execute format('alter subscription %I set (slot_name = none)', p_subscription);
    if not p_reachable then
      execute format('alter subscription %I connection %L', p_subscription, 'host=127.0.0.1 port=1 user=nobody password=none');
    end if;
    execute format('drop subscription %I', p_subscription);
  end if;
  delete from workflow.mesh_links l
   where l.member_id = v_link.member_id and not exists (select from workflow.region_members m where m.member_id = l.member_id and m.state <> 'gone');
end $$;
