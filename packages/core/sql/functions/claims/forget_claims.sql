-- Removes claims of which their worker holds nothing any more. Ids that are unknown, or another worker's, are left alone.
create or replace function workflow.forget_claims(p_worker uuid, p_claims bigint[])
  returns void
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
begin
  if cardinality(p_claims) > 0 then
    -- `is not distinct from` is no index condition: the few ids are looked up, not all claims of a worker.
    delete from workflow.claims c where c.claim_id = any (p_claims) and c.worker_id is not distinct from p_worker;
  end if;
end $$;
