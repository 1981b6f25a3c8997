-- Of messages that a claim has taken off their queues in a mesh, those whose tasks may be claimed here now. Of a group that is this region's but begins
-- nothing at the moment (it is being adopted, or moved) they go back and are looked at again soon; the others are dropped: whoever becomes the home
-- of their runs rebuilds them (adopt_chunk).
create or replace function workflow.messages_at_home(p_messages workflow.message_ref[], p_now timestamptz)
  returns workflow.message_ref[]
  language plpgsql volatile security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_runs    uuid[] := array(select distinct m.run_id from unnest(p_messages) m);
  v_tenants text[];
  v_tenures bigint[];
  v_seen    bigint;
  v_home    text[];
  v_ours    text[];
begin
  -- One scan for all of them: runs that were submitted together lie side by side, and most are found without going down the index again.
  select coalesce(array_agg(t.tenant_id), '{}'), coalesce(array_agg(t.home_epoch), '{}'), sum(t.runs)
    into v_tenants, v_tenures, v_seen
    from (select r.tenant_id, r.home_epoch, count(*) as runs
            from workflow.workflow_runs r where r.run_id = any (v_runs)
           group by r.tenant_id, r.home_epoch) t;
  if workflow.all_at_home(v_tenants, v_tenures, true) and v_seen = cardinality(v_runs) then
    return p_messages;  -- as it is nearly always; a run that is not here may come at this moment, under whatever tenure
  end if;

  v_home := array(select h.home_epoch || '/' || h.tenant_id from workflow.assert_home(v_tenants, true) h);
  v_ours := array(select h.tenure || '/' || h.tenant_id from workflow.home_of(v_tenants) h where h.member_id = workflow.own_member());
  perform workflow.send_messages(array(
    select row(workflow.pgmq_name(s.queue, r.priority), m.run_id, m.step_slug, m.task_index, p_now + interval '200 milliseconds')::workflow.outgoing_message
      from unnest(p_messages) m
      join workflow.workflow_runs r on r.run_id = m.run_id
     cross join lateral (select x.* from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = m.step_slug limit 1) s
     where r.home_epoch || '/' || r.tenant_id = any (v_ours) and r.home_epoch || '/' || r.tenant_id <> all (v_home)));
  return array(
    select m
      from unnest(p_messages) m
      join workflow.workflow_runs r on r.run_id = m.run_id
     where r.home_epoch || '/' || r.tenant_id = any (v_home));
end $$;
