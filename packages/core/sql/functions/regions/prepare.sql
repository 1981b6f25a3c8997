-- The first half of a ballot (D2): promises to accept nothing of a lower one in this epoch, and answers with what it accepted, and with whom it has sealed
-- for this epoch, with its ranks (D5).
-- Locks:   the mesh's row shared, the ballot's row
-- Returns: answer_to's, and where the status is `current`: {"promised": the highest ballot promised, "accepted_ballot", "accepted_value",
--          "seals": {member id: ranks}, "silent_ms": {member id: since this region granted it a lease last}}; the promise was given iff promised = p_ballot
-- Errors:  those of check_call
create or replace function workflow.prepare(p_call jsonb, p_epoch bigint, p_ballot bigint)
  returns jsonb
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh   workflow.mesh := workflow.check_call(p_call);
  v_ballot workflow.ballots;
begin
  if p_epoch is distinct from v_mesh.last_epoch + 1 then
    return workflow.answer_to(v_mesh, p_epoch);
  end if;
  insert into workflow.ballots as b (epoch, promised) values (p_epoch, p_ballot)
    on conflict (epoch) do update set promised = greatest(b.promised, excluded.promised)
    returning * into v_ballot;
  return workflow.answer_to(v_mesh, p_epoch) || jsonb_build_object(
    'promised', v_ballot.promised, 'accepted_ballot', v_ballot.accepted_ballot, 'accepted_value', v_ballot.accepted_value,
    'seals', (select coalesce(jsonb_object_agg(s.member_id, s.ranks), '{}')
                from workflow.region_seals s where s.epoch = p_epoch and s.ranks is not null),
    'silent_ms', (select coalesce(jsonb_object_agg(s.member_id, (extract(epoch from workflow.clock() - g.granted_at) * 1000)::bigint), '{}')
                    from workflow.region_seals s join workflow.lease_grants g using (member_id)
                   where s.epoch = p_epoch and s.ranks is not null and g.granted_at is not null));
end $$;
