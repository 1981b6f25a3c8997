-- Refuses the claim of a worker that does not lead where only a leader may claim (why_not_leading), and says why. The lease stays locked to the
-- end of the transaction: it cannot pass to another group between this check and the claim.
-- Errors:  WF302 lease_lost
create or replace function workflow.assert_may_claim(p_worker workflow.workflow_workers, p_token bigint)
  returns void
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
declare
  v_why text;
begin
  if p_token is not null then
    perform from workflow.leases l where l.name = 'orchestrator:leader' for share;
  end if;
  v_why := workflow.why_not_leading(p_worker, p_token, workflow.clock());  -- we may have waited for the row
  if v_why is not null then
    perform workflow.refuse('WF302', v_why, 'leader_token', jsonb_build_object('lease', 'orchestrator:leader'));
  end if;
end $$;
