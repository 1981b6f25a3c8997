-- The groups that are being moved away, with what decides how it goes on (R10):
-- in_flight:  their tasks that a worker holds: they are finished, or given back, before the group is stopped
-- drain_over: the time to finish has passed; workers have been told to give them back since
-- held:       messages of theirs that wait for other regions' confirmation (R11), which come to nothing once the group is stopped
-- may_stop:   nothing is in flight or held, or whoever is silent has been without a lease for as long as one lasts: his handlers have been aborted
-- confirmed:  the target has everything that was written until the stop
-- marked_ms:  since when nothing of the group begins
create or replace function workflow.observe_moves()
  returns table (placement_group text, target text, target_member uuid, mark text, in_flight int, held int, drain_over boolean, may_stop boolean, confirmed boolean,
                 proposed_epoch bigint, reason text, marked_ms bigint)
  language sql volatile security definer
  set search_path = ''
as $$
  select g.placement_group, g.target, t.member_id, g.mark, f.tasks, f.held, x.now >= g.drain_until,
         g.mark = 'draining' and (f.tasks = 0 and f.held = 0 or x.now >= g.drain_until + l.lease_ms * interval '1 millisecond'),
         coalesce(s.healthy and s.whole and s.confirmed >= g.stopped_position, false), g.proposed_epoch,
         g.reason, (extract(epoch from x.now - g.marked_at) * 1000)::bigint
    from workflow.group_moves g
   cross join (select workflow.clock() as now) x
   cross join (select r.lease_ms from workflow.region_lease r) l
    left join workflow.region_members t on t.region = g.target and t.state <> 'gone'
    left join workflow.peer_slots() s on s.member_id = t.member_id
    left join (select workflow.group_of_row(r.tenant_id, r.placement_group) as placement_group, count(*)::int as tasks
                 from workflow.tasks_in_flight() k
                 join workflow.workflow_runs r on r.run_id = k.run_id
                group by 1) c on c.placement_group = g.placement_group
    left join (select workflow.group_of_row(r.tenant_id, r.placement_group) as placement_group, count(*)::int as messages
                 from workflow.held_messages h
                 join workflow.workflow_runs r on r.run_id = h.run_id
                group by 1) w on w.placement_group = g.placement_group
   cross join lateral (select coalesce(c.tasks, 0) as tasks, coalesce(w.messages, 0) as held) f
$$;
