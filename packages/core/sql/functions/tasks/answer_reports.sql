-- The answer to a batch of p_count reports, one row each in order: accepted, or the verdict that fits. Queues that got work and the count of
-- ended runs stand in the first row. p_reports and p_home are looked at only where one was not accepted.
create or replace function workflow.answer_reports(
    p_worker uuid, p_count int, p_reports workflow.task_report[], p_accepted int[], p_home uuid[], p_queues text[], p_ended jsonb)
  returns table (ordinal int, verdict text, queues text[], ended jsonb)
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  if cardinality(p_accepted) = p_count then  -- the ordinary case
    return query select g, 'accepted', case when g = 1 then p_queues end, case when g = 1 then p_ended end from generate_series(1, p_count) g;
    return;
  end if;
  return query
    select p.ordinal,
           case when p.ordinal = any (coalesce(p_accepted, '{}')) then 'accepted' else workflow.judge_report(p_worker, p, p_home) end,
           case when p.ordinal = 1 then p_queues end,
           case when p.ordinal = 1 then p_ended end
      from unnest(p_reports) p
     order by p.ordinal;
end $$;
