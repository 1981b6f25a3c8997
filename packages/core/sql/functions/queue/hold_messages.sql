-- Keeps messages of runs with durability quorum back until other regions have confirmed what they follow from (R11; release_held_messages). Which
-- position of the log must be confirmed is not known before the commit, so it is read after it; of a group that is being adopted, after its marker.
-- Returns whom to wake: `#held`, which can be no queue's name.
create or replace function workflow.hold_messages(p_messages workflow.outgoing_message[])
  returns text[]
  language plpgsql volatile security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
begin
  insert into workflow.held_messages (run_id, step_slug, task_index, queue, visible_at, zone, held_at, position)
    select m.run_id, m.step_slug, m.task_index, m.queue, m.visible_at, coalesce(t.residency, 'global'), workflow.clock(),
           case when exists (select from workflow.adoptions a where a.placement_group = coalesce(t.own_group, r.placement_group))
                then 'FFFFFFFF/FFFFFFFF'::pg_lsn end
      from unnest(p_messages) m
      join workflow.workflow_runs r on r.run_id = m.run_id
      left join workflow.tenant_registry t on t.tenant_id = r.tenant_id;
  return array['#held'];
end $$;
