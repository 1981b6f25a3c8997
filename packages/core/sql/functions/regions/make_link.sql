-- Makes the subscription that brings that member's rows: disabled (only unseal enables a link), and without connecting, for a peer that does not answer
-- would hold the monitor's lease meanwhile. Its tables come with the first refresh, copied over whatever is here: the guards keep what is newer (R3).
-- The first link puts the guards of replication on the tables (arm_guards), which locks them against writers for a moment.
-- p_link: {"address", "sha256", "slot", "generation", "commit"}
--         address: where region_replicator logs in at the peer, a libpq URL with its password; sha256: by which a change of it is seen
--         slot: stands at the peer already, made after its publication; generation: which one of this link it is
--         commit: 'on' where this region has a standby (R17), else 'off': then wal_writer_delay bounds how late confirmations are
-- Waits at most a second for any lock (55P03 then; the next look tries again): the row of the monitor's lease is held meanwhile.
-- Leader only (lease failover-monitor, with p_token). There already: nothing.
-- Errors:    WF302 lease_lost
create or replace function workflow.make_link(p_token bigint, p_member uuid, p_link jsonb)
  returns void
  language plpgsql security definer
  set search_path = '' set lock_timeout = '1s'
as $$
declare
  v_name text := workflow.subscription_of(p_member);
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  if exists (select from pg_catalog.pg_subscription s where s.subname = v_name) then
    return;
  end if;
  if not exists (select from pg_catalog.pg_trigger t where t.tgname = 'guard_insert' and t.tgrelid = 'workflow.workflow_runs'::regclass) then
    perform workflow.arm_guards();
  end if;
  perform workflow.note_peer(p_token, p_member, null);
  execute format(
    'create subscription %I connection %L publication %I with (connect = false, slot_name = %L, origin = none, streaming = parallel, '
    'failover = true, disable_on_error = false, synchronous_commit = %s)',
    v_name, p_link ->> 'address', workflow.publication_to(workflow.own_member()), p_link ->> 'slot',
    case p_link ->> 'commit' when 'on' then 'on' else 'off' end);
  update workflow.mesh_links l
     set slot_name = p_link ->> 'slot', generation = (p_link ->> 'generation')::int, address_sha256 = p_link ->> 'sha256', made_at = workflow.clock(),
         made_under = (select m.member_epoch from workflow.region_members m where m.member_id = workflow.own_member()),
         copied_at = null, copied_position = null, whole_at = null, whole_position = null
   where l.member_id = p_member;
end $$;
