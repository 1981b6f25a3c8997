-- Begins to move groups to another region (R10): they drain. Nothing of them is claimed, handed over or started any more; what runs may finish until
-- p_drain_ms have passed, then workers are told to give it back (heartbeat). Twice is once: a group that drains already keeps its time.
-- p_reason: for the sentences in failover_events, this one's and the decided move's.
-- Leader only (lease failover-monitor). Durable. Returns how many groups drain now. Limit: batch_max groups.
-- Locks:   the homes of all groups, for itself: whoever is claiming at this moment has committed first (seize_home)
-- Errors:  WF302 lease_lost, WF218 not_home (one of the groups is not at home here, or not adopted), WF001 invalid_request (the target is no full member
--          other than this one, or may not have a group's rows; or a group is on its way to another), 55P03 lock_not_available: try again
create or replace function workflow.begin_move(p_token bigint, p_groups text[], p_target text, p_drain_ms int default 500, p_reason text default 'it is to')
  returns int
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_now  timestamptz := workflow.clock();
  v_own  uuid := workflow.own_member();
  v_zone text;
  v_bad  text;
  v_new  int;
begin
  perform set_config('synchronous_commit', 'on', true);
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.check_batch(cardinality(p_groups), 'groups');
  perform workflow.seize_home();

  select m.zone into v_zone from workflow.region_members m where m.region = p_target and m.state = 'full' and m.member_id <> v_own;
  if not found then
    perform workflow.refuse('WF001', format('region %s is no full member of this mesh beside this one', p_target), 'target');
  end if;
  select g.placement_group into v_bad
    from unnest(p_groups) g(placement_group)
    left join workflow.placement p on p.placement_group = g.placement_group
   where workflow.lease_left_ms() is null or p.member_id is distinct from v_own or not workflow.is_adopted(p)
   limit 1;
  if found then
    perform workflow.refuse('WF218', format('group %s is not at home here now', v_bad), 'groups');
  end if;
  select g.placement_group into v_bad
    from unnest(p_groups) g(placement_group)
    left join workflow.group_moves m on m.placement_group = g.placement_group
   where workflow.zone_of_group(g.placement_group) not in ('global', v_zone) or m.target <> p_target
   limit 1;
  if found then
    perform workflow.refuse('WF001', format('group %s cannot go to region %s: another zone, or on its way elsewhere', v_bad, p_target), 'groups');
  end if;

  insert into workflow.group_moves (placement_group, target, mark, tenure, marked_at, drain_until, reason)
    select p.placement_group, p_target, 'draining', p.tenure, v_now, v_now + greatest(0, p_drain_ms) * interval '1 millisecond', p_reason
      from workflow.placement p where p.placement_group = any (p_groups)
    on conflict do nothing;
  get diagnostics v_new = row_count;
  if v_new > 0 then
    perform workflow.note_region_event('moves_begun', m.region,
      format('%s to %s: %s', case v_new when 1 then '1 group goes' else v_new || ' groups go' end, p_target, p_reason),
      jsonb_build_object('former', m.region, 'successor', p_target)) from workflow.mesh m;
  end if;
  return (select count(*) from workflow.group_moves m where m.placement_group = any (p_groups) and m.mark = 'draining');
end $$;
