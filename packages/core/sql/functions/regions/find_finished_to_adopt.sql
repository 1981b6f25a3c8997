-- Of the groups whose walk ends now: the finished runs that a member may lack, because their writer (the home under their tenure) wrote them after the
-- tick up to which everybody has what it wrote. Without a ledger of the writer's that is all it wrote. Returns how many.
-- Ticks are each writer's own; the index is asked with the least of them, the rest is sorted out row by row.
create or replace function workflow.find_finished_to_adopt()
  returns int
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_least bigint;
  v_found int;
begin
  select min(coalesce(l.replicated_through, -1)) into v_least
    from workflow.adoptions a
    join workflow.placement_history h on h.placement_group = a.placement_group and h.tenure < a.tenure
    left join workflow.stream_ledger l on l.writer = h.member_id
   where a.reached is not null;

  insert into workflow.adoption_work (placement_group, run_id)
    select a.placement_group, r.run_id
      from workflow.workflow_runs r
      join workflow.adoptions a on a.placement_group = workflow.group_of_row(r.tenant_id, r.placement_group) and a.reached is not null
      left join workflow.placement_history h on h.placement_group = a.placement_group and h.tenure = r.home_epoch
      left join workflow.stream_ledger l on l.writer = h.member_id
     where r.written_tick > coalesce(v_least, -1) and r.finished_at is not null and r.home_epoch < a.tenure
       and r.written_tick > coalesce(l.replicated_through, -1)
    on conflict do nothing;
  get diagnostics v_found = row_count;
  return v_found;
end $$;
