-- The part that every answer of the acceptor has (D2): who answers and the last epoch that it knows, and, where the caller is behind, what it lacks.
-- status:  `current`; `behind`: the caller is, the entries are with it; `ahead`: this member is behind, tell it first
create or replace function workflow.answer_to(p_mesh workflow.mesh, p_epoch bigint)
  returns jsonb
  language sql stable
  set search_path = ''
as $$
  select jsonb_build_object('mesh_id', p_mesh.mesh_id, 'member_id', workflow.own_member(), 'last_epoch', p_mesh.last_epoch)
      || case when p_epoch = p_mesh.last_epoch + 1 then '{"status": "current"}'
              when p_epoch > p_mesh.last_epoch + 1 then '{"status": "ahead"}'
              else jsonb_build_object('status', 'behind', 'entries', workflow.topology_since(p_epoch - 1) -> 'entries') end
$$;
