-- Appends decided entries to the log, in order, and in the same transaction what everything else reads (D1). Entries that are known already change nothing;
-- what follows a gap is left. What they changed is told in failover_events (note_decision). An entry that takes groups from this region deposes it: nobody writes rows of a group here at that moment (D3).
-- p_entries: [{"epoch", "value", "decided_at"}], ascending; the values are described in core/src/domain/topology-values.ts
-- Limits:    1,000 entries a call
-- Locks:     the home lock, for itself, where the entries take from this region (with its lock_timeout); the mesh's row for itself
-- Returns:   {"mesh_id", "member_id", "last_epoch", "status": `current`, or `unknown_value`: the next entry is of a version that this member does not
--            know; it stops there, the mesh does not}
-- Errors:    those of check_call; WF606 topology_forked; WF002 batch_too_large
create or replace function workflow.learn_topology(p_call jsonb, p_entries jsonb)
  returns jsonb
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh   workflow.mesh;
  v_own    text   := workflow.own_member();
  v_known  bigint := coalesce((select m.last_epoch from workflow.mesh m), 0);
  v_status text   := 'current';
  v_entry  jsonb;
  v_epoch  bigint;
begin
  if jsonb_array_length(p_entries) > 1000 then
    perform workflow.refuse('WF002', 'at most 1000 entries of the log a call', 'entries');
  end if;
  if exists (select from jsonb_array_elements(p_entries) e
              where (e ->> 'epoch')::bigint > v_known and (e -> 'value' ->> 'from' = v_own or e -> 'value' -> 'lost' ? v_own)) then
    perform workflow.seize_home();
  end if;
  v_mesh := workflow.check_call(p_call, p_learns => true);
  for v_entry in select e.value from jsonb_array_elements(p_entries) with ordinality as e(value, at) order by e.at loop
    v_epoch := (v_entry ->> 'epoch')::bigint;
    if v_epoch <= v_mesh.last_epoch then
      perform from workflow.topology t where t.epoch = v_epoch and t.value = v_entry -> 'value';
      if not found then
        perform workflow.refuse('WF606', format('epoch %s of region %s has another value', v_epoch, v_mesh.region), 'entries',
                                jsonb_build_object('epoch', v_epoch));
      end if;
      continue;
    end if;
    exit when v_epoch > v_mesh.last_epoch + 1;
    if not workflow.learn_entry(v_epoch, v_entry -> 'value', (v_entry ->> 'decided_at')::timestamptz) then
      v_status := 'unknown_value';
      perform workflow.note_unknown_value(v_epoch, v_entry -> 'value');
      exit;
    end if;
    perform workflow.note_decision(v_epoch, v_entry -> 'value', (v_entry ->> 'decided_at')::timestamptz);
    v_mesh.last_epoch := v_epoch;
  end loop;
  return jsonb_build_object('mesh_id', (select m.mesh_id from workflow.mesh m), 'member_id', v_own, 'last_epoch', v_mesh.last_epoch, 'status', v_status);
end $$;
