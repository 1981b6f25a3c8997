-- The second half of a ballot (D2): accepts the value unless a higher ballot was promised.
-- Returns: answer_to's, and where the status is `current`: {"promised"}; it was accepted iff promised = p_ballot
-- Errors:  those of check_call; WF001 invalid_request (no value)
create or replace function workflow.accept(p_call jsonb, p_epoch bigint, p_ballot bigint, p_value jsonb)
  returns jsonb
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh     workflow.mesh := workflow.check_call(p_call);
  v_promised bigint;
begin
  if p_epoch is distinct from v_mesh.last_epoch + 1 then
    return workflow.answer_to(v_mesh, p_epoch);
  end if;
  if not coalesce(p_value ? 'version' and p_value ? 'kind', false) then
    perform workflow.refuse('WF001', 'a value of the log has a version and a kind', 'value');
  end if;
  insert into workflow.ballots as b (epoch, promised, accepted_ballot, accepted_value) values (p_epoch, p_ballot, p_ballot, p_value)
    on conflict (epoch) do update
       set promised = excluded.promised, accepted_ballot = excluded.accepted_ballot, accepted_value = excluded.accepted_value
     where b.promised <= excluded.promised;
  select b.promised into v_promised from workflow.ballots b where b.epoch = p_epoch;
  return workflow.answer_to(v_mesh, p_epoch) || jsonb_build_object('promised', v_promised);
end $$;
