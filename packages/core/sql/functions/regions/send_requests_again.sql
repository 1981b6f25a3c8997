-- Puts requests of a group, written by one of its former homes after the tick up to which everybody has what it wrote, into this region's own stream,
-- unchanged (R8): whoever has them skips them.
create or replace function workflow.send_requests_again(p_group text, p_tenure bigint)
  returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  with former as (
    delete from workflow.run_requests q
     using workflow.placement_history h
      left join workflow.stream_ledger l on l.writer = h.member_id
     where h.placement_group = p_group and h.tenure < p_tenure and q.writer = h.member_id and q.written_tick > coalesce(l.replicated_through, -1)
       and workflow.group_of_row(q.tenant_id, q.placement_group) = p_group
    returning q
  )
  insert into workflow.run_requests
    select distinct n.* from former f cross join lateral jsonb_populate_record(f.q, '{}') n;
end $$;
