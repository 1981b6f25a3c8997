-- The tenure under which this tenant may be written here, once the locks are held and the lease is known to live (share_home): home, marker
-- (adopted_group) and mark. Nothing where it may not be. The one place that says so; whoever asks it has waited for the lock in a statement before.
-- p_new_work: for who begins something (a run, an attempt): not while the tenant's group drains for a move either (R10).
-- Inlined: it is asked for each tenant at every claim and report; it names nothing that a search path could change. `is not distinct from` keeps a plan
-- of a small table from looking for a group among all groups of this region.
create or replace function workflow.tenure_at_home(p_tenant text, p_new_work boolean)
  returns table (tenure bigint)
  language sql stable rows 1
as $$
  select a.tenure
    from workflow.group_of_tenant(p_tenant) g, workflow.adopted_group(g.placement_group) a
   where a.member_id is not distinct from (select i.member_id from workflow.installation i)
     and not exists (select from workflow.group_moves m where m.placement_group = a.placement_group and (m.mark = 'stopped' or p_new_work))
$$;
