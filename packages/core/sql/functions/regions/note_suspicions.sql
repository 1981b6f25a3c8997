-- Tells whom this region begins to suspect, and whom it suspects no more (D4), before suspect writes it down.
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
    where not exists (select from workflow.region_suspicions k where k.member_id = x.member_id)
    order by m.region;
  perform workflow.note_region_event('member_trusted', m.region, format('%s suspects %s no more: %s', v_own, m.region,
    case when g.grants > s.grants_seen then 'it was granted a lease again'
         when not exists (select from workflow.placement p where p.member_id = s.member_id) then 'it holds no group any more'
         else 'nobody could take over from it now, or the count began anew' end))
     from workflow.region_suspicions s
     join workflow.region_members m on m.member_id = s.member_id
     left join workflow.lease_grants g on g.member_id = s.member_id
    where s.member_id not in (select (x ->> 'member_id')::uuid from jsonb_array_elements(p_suspicions) x)
    order by m.region;
end $$;
