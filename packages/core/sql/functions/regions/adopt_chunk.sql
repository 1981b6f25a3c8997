-- Adopts a part of what find_runs_to_adopt has found (R8), of one group: first those that wait for their marker, then late rows of others.
-- p_rows_max: about so many rows a call, at least one run; a run of more tasks than that comes in several calls, its run row with the last. A caller
--             whose call was ended by transaction_timeout asks for half as many.
-- The last call for a group writes its marker; from then on the group may be written (assert_home). Messages of runs with durability quorum are held
-- until the marker is confirmed.
-- Leader only (lease failover-monitor).
-- Returns:  one row: the group, how many runs and other rows were adopted, whether the group is through; no row: nothing is left
-- Locks:    the group's adoption, so that two callers do not adopt one run; those of adopt_runs and adopt_others. A lock that an apply worker holds is
--           waited for less long than deadlock_timeout: of the two it is this call that gives up and comes again, and no link stands still
-- Errors:   WF302 lease_lost, WF218 not_home, WF620 unsafe_session
create or replace function workflow.adopt_chunk(p_token bigint, p_rows_max int)
  returns table (placement_group text, runs int, others int, done boolean, queues text[])
  language plpgsql volatile security definer
  set search_path = ''
  set lock_timeout = '500ms'
as $$
#variable_conflict use_column
declare
  v_now    timestamptz := workflow.clock();
  v_group  text;
  v_home   record;
  v_runs   uuid[];
  v_others int := 0;
  v_marked int;
  v_queues text[];
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  select g.placement_group into v_group
    from (select a.placement_group, a.begun_at from workflow.adoptions a where a.reached is null
          union all
          (select w.placement_group, 'infinity' from workflow.adoption_work w
            where not exists (select from workflow.adoptions a where a.placement_group = w.placement_group) limit 1)) g
   order by g.begun_at, g.placement_group
   limit 1;
  if not found then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('workflow.adoption:' || v_group, 0));
  v_home := workflow.assert_adopter(v_group);

  v_runs := workflow.choose_runs_to_adopt(v_group, v_home.tenure, p_rows_max);
  if cardinality(v_runs) > 0 then
    perform workflow.adopt_runs(v_runs, v_home.tenure, v_home.written_tick, v_now);
    v_queues := workflow.resume_adopted(v_runs);
    delete from workflow.adoption_work w where w.placement_group = v_group and w.run_id = any (v_runs);
  elsif exists (select from workflow.adoption_work w where w.placement_group = v_group) then
    v_others := workflow.adopt_tasks(workflow.first_to_adopt(v_group), v_home.tenure, v_home.written_tick, v_now, p_rows_max);
  else
    v_others := workflow.adopt_others(v_group, v_home.tenure, v_home.written_tick, p_rows_max);
  end if;
  if cardinality(v_runs) = 0 and v_others = 0 then
    perform workflow.send_requests_again(v_group, v_home.tenure);
    v_queues := workflow.restore_adopted(v_group, v_home.tenure);
    insert into workflow.group_adoptions (placement_group, home_epoch, region, member_id, written_tick, adopted_at)
      select p.placement_group, p.tenure, p.region, p.member_id, v_home.written_tick, v_now from workflow.placement p where p.placement_group = v_group
      on conflict do nothing;
    get diagnostics v_marked = row_count;
    delete from workflow.adoptions a where a.placement_group = v_group;
    if v_marked > 0 then
      perform workflow.note_adopted(v_home.tenure, v_now);
    end if;
    update workflow.held_messages h
       set position = null  -- and read anew once the marker is committed
      from workflow.workflow_runs r
     where h.position = 'FFFFFFFF/FFFFFFFF' and r.run_id = h.run_id and workflow.group_of_row(r.tenant_id, r.placement_group) = v_group;
    v_queues := v_queues || array['#held'];
  end if;
  return query select v_group, cardinality(v_runs), v_others, cardinality(v_runs) = 0 and v_others = 0, v_queues;
end $$;
