-- What was decided after an epoch, for whoever is behind (D2). Needs no member: a region that joins, or is told of its own deposition, asks too.
-- Limits:  1,000 entries a call; ask again with the last of them
-- Returns: {"mesh_id", "member_id", "region", "last_epoch", "stopped_reason", "filled": it has runs,
--          "entries": [{"epoch", "value", "decided_at"}]}; mesh_id null: this region belongs to no mesh
create or replace function workflow.topology_since(p_epoch bigint)
  returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select jsonb_build_object(
           'mesh_id', m.mesh_id, 'region', m.region, 'last_epoch', coalesce(m.last_epoch, 0), 'member_id', workflow.own_member(),
           'stopped_reason', m.stopped_reason, 'filled', exists (select from workflow.workflow_runs),
           'entries', coalesce((select jsonb_agg(jsonb_build_object('epoch', t.epoch, 'value', t.value, 'decided_at', t.decided_at) order by t.epoch)
                                  from (select x.* from workflow.topology x where x.epoch > p_epoch order by x.epoch limit 1000) t), '[]'))
    from (select) one left join workflow.mesh m on true
$$;
