-- A takeover that an operator forced (D9) makes a new mesh of the members that are left: {"mesh_id": the new one, "lost": [member ids]}. Those that are
-- lost are gone; they come back as new members only, for they may have a history of their own. Without "lost" it does nothing. For the SQL of learning only.
create or replace function workflow.begin_new_mesh(p_epoch bigint, p_value jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_lost uuid;
begin
  if not p_value ? 'lost' then
    return;
  end if;
  update workflow.mesh set mesh_id = (p_value ->> 'mesh_id')::uuid, member_epoch = p_epoch;
  for v_lost in select l.id::uuid from jsonb_array_elements_text(p_value -> 'lost') as l(id) loop
    update workflow.region_members m set state = 'gone', member_epoch = p_epoch where m.member_id = v_lost and m.state <> 'gone';
    perform workflow.leave_mesh(p_epoch, v_lost);
  end loop;
end $$;
