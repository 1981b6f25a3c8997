-- Grants a region its lease for this round, or says why not (D3). A member grants for the epoch after the last that it knows only, to a number above the
-- last that it saw from that region, to nobody whom it has sealed or whom a majority suspects, and to nobody whose database its own monitor has not
-- reached within the lease.
-- A caller that was behind learns and calls again in the same round, so a call of another epoch leaves its number unseen.
-- p_report: {"lease_live": whether the caller has a lease now, "lease_ms", "schema_version"}
-- Locks:    the mesh's row shared, then the caller's row of lease_grants (as begin_seal): a grant that is under way when a seal begins is counted by it
-- Returns:  answer_to's and {"granted", "reason": why not, a word, "last_round": the highest number seen of the caller, "schema_version"}
-- Errors:   those of check_call
create or replace function workflow.grant_lease(p_call jsonb, p_epoch bigint, p_round bigint, p_report jsonb)
  returns jsonb
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh   workflow.mesh := workflow.check_call(p_call);
  v_from   uuid          := (p_call ->> 'from')::uuid;
  v_grant  workflow.lease_grants;
  v_reason text;
  v_now    timestamptz;
begin
  insert into workflow.lease_grants (member_id) values (v_from) on conflict do nothing;
  select * into v_grant from workflow.lease_grants g where g.member_id = v_from for update;
  v_now := workflow.clock();  -- after the wait for the row

  if p_epoch is distinct from v_mesh.last_epoch + 1 then
    v_reason := 'epoch';
  elsif exists (select from workflow.region_seals s where s.member_id = v_from and s.epoch is not null) then
    v_reason := 'sealed';
  elsif v_grant.withheld then
    v_reason := 'suspected';
  elsif p_round <= v_grant.last_round then
    v_reason := 'round';
  elsif v_from <> workflow.own_member()
        and (v_grant.reached_at + make_interval(secs => (select l.lease_ms from workflow.region_lease l) / 1000.0) > v_now) is not true then
    v_reason := 'not_reached';
  end if;

  update workflow.lease_grants g
     set last_round     = case when v_reason is distinct from 'epoch' then greatest(g.last_round, p_round) else g.last_round end,
         lease_live     = (p_report ->> 'lease_live')::boolean,
         live_calls     = g.live_calls + case when (p_report ->> 'lease_live')::boolean then 1 else 0 end,
         lease_ms       = (p_report ->> 'lease_ms')::int,
         schema_version = (p_report ->> 'schema_version')::int,
         grants         = g.grants + case when v_reason is null then 1 else 0 end,
         granted_at     = case when v_reason is null then v_now else g.granted_at end
   where g.member_id = v_from;
  return workflow.answer_to(v_mesh, p_epoch)
      || jsonb_build_object('granted', v_reason is null, 'reason', v_reason, 'last_round', greatest(v_grant.last_round, p_round),
                            'schema_version', (select max(s.version) from workflow.schema_migrations s));
end $$;
