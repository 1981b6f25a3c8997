-- How this region sees the mesh: whom its monitor suspects (D4) and has sealed, what it accepted, whether it has copied what it lacked (D7). What the monitor
-- noted longer ago than a lease says nothing: it may be dead.
-- Returns: answer_to's and {"suspected": [member ids], "sealed": [those whom it has sealed for this epoch],
--          "accepted": whether it accepted a value in it, "copied"}
-- Errors:  those of check_call
create or replace function workflow.suspicions(p_call jsonb, p_epoch bigint)
  returns jsonb
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh  workflow.mesh := workflow.check_call(p_call);
  v_since timestamptz   := workflow.clock() - make_interval(secs => (select l.lease_ms from workflow.region_lease l) / 1000.0);
begin
  return workflow.answer_to(v_mesh, p_epoch)
      || jsonb_build_object('suspected', (select coalesce(jsonb_agg(s.member_id order by s.member_id), '[]')
                                            from workflow.region_suspicions s where s.noted_at > v_since),
                            'sealed', (select coalesce(jsonb_agg(s.member_id order by s.member_id), '[]')
                                         from workflow.region_seals s where s.epoch = p_epoch and s.ranks is not null),
                            'accepted', exists (select from workflow.ballots b where b.epoch = p_epoch and b.accepted_ballot is not null),
                            'copied', workflow.is_copied());
end $$;
