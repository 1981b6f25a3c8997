-- Notes whom this region's monitor suspects now, in place of what it noted before (D4), and from whom grants are withheld because a majority suspects them.
-- p_suspicions: [{"member_id", "grants_seen", "granting", "withhold"}]
-- Errors:       WF302 lease_lost; WF601 no_mesh; WF604 member_stopped
create or replace function workflow.suspect(p_token bigint, p_suspicions jsonb)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.check_own_call();
  perform workflow.note_suspicions(p_suspicions);
  delete from workflow.region_suspicions s
   where s.member_id not in (select (x ->> 'member_id')::uuid from jsonb_array_elements(p_suspicions) x);
  insert into workflow.region_suspicions as s (member_id, grants_seen, granting, noted_at)
    select (x ->> 'member_id')::uuid, (x ->> 'grants_seen')::bigint, (x ->> 'granting')::boolean, workflow.clock()
      from jsonb_array_elements(p_suspicions) x
    on conflict (member_id) do update
       set grants_seen = excluded.grants_seen, granting = excluded.granting, noted_at = excluded.noted_at;
  update workflow.lease_grants g
     set withheld = x.withheld
    from (select o.member_id, coalesce((select (s ->> 'withhold')::boolean from jsonb_array_elements(p_suspicions) s
                                         where (s ->> 'member_id')::uuid = o.member_id), false) as withheld
            from workflow.lease_grants o order by o.member_id for update) x
   where g.member_id = x.member_id and g.withheld <> x.withheld;
end $$;
