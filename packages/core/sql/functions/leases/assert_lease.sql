-- Refuses whoever does not hold this lease with this token now. Called first by every function that only a leader may call; the row
-- stays locked to the end of the transaction, so the lease cannot pass to another between the check and the write that it protects.
-- Errors:  WF302 lease_lost
create or replace function workflow.assert_lease(p_name text, p_token bigint)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now timestamptz := workflow.clock();
begin
  perform from workflow.leases l
    where l.name = p_name and l.token = p_token and l.expires_at > v_now
      for share;
  if not found then
    perform workflow.refuse('WF302', format('token %s does not hold the lease %s', coalesce(p_token::text, 'null'), p_name), 'token',
                            jsonb_build_object('lease', p_name));
  end if;
end $$;
