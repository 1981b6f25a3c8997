-- Tells whom this region begins to suspect, and whom it trusts again (D4), before suspect writes it down. A suspicion also ends where nobody could take over
-- from the member now, and comes back a second later: that is told neither way. It is over when the member was granted a lease
-- again and says that it has one, or holds no group.
-- p_suspicions: as suspect takes them
create or replace function workflow.note_suspicions(p_suspicions jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_own text        := (select m.region from workflow.mesh m);
  v_now timestamptz := workflow.clock();
begin
  perform workflow.note_region_event('member_suspected', m.region,
    case when x.granting then format('%s suspects %s: for long it has not said that it has a lease', v_own, m.region)
         else format('%s suspects %s: %s', v_own, m.region,
                     coalesce('it was granted no lease from here for ' || x.silent_ms || ' ms', 'it was never granted a lease from here')) end,
    jsonb_build_object('without_ms', case when not x.granting then x.silent_ms end))
     from (select (s ->> 'member_id')::uuid as member_id, (s ->> 'granting')::boolean as granting,
                  (select (extract(epoch from v_now - g.granted_at) * 1000)::bigint from workflow.lease_grants g
                    where g.member_id = (s ->> 'member_id')::uuid) as silent_ms
             from jsonb_array_elements(p_suspicions) s) x
     join workflow.region_members m on m.member_id = x.member_id
    where not exists (select from workflow.told_suspicions t where t.member_id = x.member_id)
    order by m.region;
  insert into workflow.told_suspicions (member_id, told_at)
    select (s ->> 'member_id')::uuid, v_now from jsonb_array_elements(p_suspicions) s
    on conflict do nothing;

  perform workflow.note_region_event('member_trusted', t.region, format('%s suspects %s no more: %s', v_own, t.region, t.why))
     from (select m.member_id, m.region,
                  case when g.granted_at > s.told_at and g.lease_live then 'it was granted a lease again'
                       when not exists (select from workflow.placement p where p.member_id = s.member_id) then 'it holds no group any more' end as why
             from workflow.told_suspicions s
             join workflow.region_members m on m.member_id = s.member_id
             left join workflow.lease_grants g on g.member_id = s.member_id
            where s.member_id not in (select (x ->> 'member_id')::uuid from jsonb_array_elements(p_suspicions) x)) t
    where t.why is not null
    order by t.region;
  delete from workflow.told_suspicions s
   where s.member_id not in (select (x ->> 'member_id')::uuid from jsonb_array_elements(p_suspicions) x)
     and (not exists (select from workflow.placement p where p.member_id = s.member_id)
          or exists (select from workflow.lease_grants g where g.member_id = s.member_id and g.granted_at > s.told_at and g.lease_live));
end $$;
