-- Gives a group's schedules and deletions its new tenure, and its requests' outcomes a copy under it, at most p_limit rows a call (R8). A deletion that everybody has stays as it is: it wins over
-- rows of any tenure (R3). Returns how many rows it wrote; 0: nothing is left.
create or replace function workflow.adopt_others(p_group text, p_tenure bigint, p_tick bigint, p_limit int)
  returns int
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_stamp jsonb := jsonb_build_object('home_epoch', p_tenure, 'written_tick', p_tick);
  v_count int;
begin
  with former as (
    delete from workflow.workflow_schedules s
     using (select x.tenant_id, x.name, x.residency from workflow.workflow_schedules x
             where x.home_epoch < p_tenure and workflow.group_of_row(x.tenant_id, x.placement_group) = p_group
             limit p_limit for update) chosen  -- found by its key: one that just came anew has another ctid
     where s.tenant_id = chosen.tenant_id and s.name = chosen.name and s.residency = chosen.residency
    returning s
  )
  insert into workflow.workflow_schedules
    select n.* from former f cross join lateral jsonb_populate_record(f.s, v_stamp || jsonb_build_object('revision', (f.s).revision + 1)) n;
  get diagnostics v_count = row_count;
  if v_count > 0 then
    return v_count;
  end if;

  with former as (
    delete from workflow.run_deletions d
     using (select x.run_id, x.residency
              from workflow.run_deletions x
              left join workflow.placement_history h on h.placement_group = p_group and h.tenure = x.home_epoch
              left join workflow.stream_ledger l on l.writer = h.member_id
             where x.home_epoch < p_tenure and workflow.group_of_row(x.tenant_id, x.placement_group) = p_group
               and x.written_tick > coalesce(l.replicated_through, -1)
             limit p_limit for update of x) chosen
     where d.run_id = chosen.run_id and d.residency = chosen.residency
    returning d
  )
  insert into workflow.run_deletions
    select n.* from former f cross join lateral jsonb_populate_record(f.d, v_stamp || jsonb_build_object('revision', (f.d).revision + 1)) n;
  get diagnostics v_count = row_count;
  if v_count > 0 then
    return v_count;
  end if;

  insert into workflow.run_request_outcomes
    select n.*
      from (select distinct on (o.request_id) o
              from workflow.run_request_outcomes o
              join workflow.run_requests q on q.request_id = o.request_id and workflow.group_of_row(q.tenant_id, q.placement_group) = p_group
              left join workflow.placement_history h on h.placement_group = p_group and h.tenure = o.home_epoch
              left join workflow.stream_ledger l on l.writer = h.member_id
             where o.home_epoch < p_tenure and o.written_tick > coalesce(l.replicated_through, -1)
               and not exists (select from workflow.run_request_outcomes x where x.request_id = o.request_id and x.home_epoch >= p_tenure)
             order by o.request_id, o.home_epoch desc
             limit p_limit) former(o)
     cross join lateral jsonb_populate_record(former.o, v_stamp) n;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
