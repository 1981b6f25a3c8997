-- Writes into this region's stream up to which tick all members have everything of it (R8): the last closed one whose position each member's slot has
-- confirmed; members that join count too. Whoever takes over from this region need not adopt again what was written up to then. A member whose slot is
-- missing, lost or not whole yet keeps it where it is.
-- Leader only (lease failover-monitor). Returns that tick; null while there is none. Errors: WF302 lease_lost
create or replace function workflow.note_replicated(p_token bigint)
  returns bigint
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_own     uuid := workflow.own_member();
  v_through bigint;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  if not exists (select from workflow.mesh) then
    return null;
  end if;
  select max(t.tick) into v_through
    from workflow.stream_ticks t
   where t.position is not null
     and not exists (select from workflow.region_members m
                      where m.member_id <> v_own and m.state <> 'gone'
                        and not exists (select from workflow.peer_slots() s
                                         where s.member_id = m.member_id and s.healthy and s.whole and s.confirmed >= t.position));
  if v_through is not null then
    insert into workflow.stream_ledger as l (writer, replicated_through, written_at) values (v_own, v_through, workflow.clock())
    on conflict (writer, residency) do update
       set replicated_through = excluded.replicated_through, written_at = excluded.written_at, revision = l.revision + 1
     where excluded.replicated_through > l.replicated_through;
    delete from workflow.stream_ticks t where t.tick <= v_through;
  end if;
  return (select l.replicated_through from workflow.stream_ledger l where l.writer = v_own and l.residency = 'global');
end $$;
