-- Notes an operator's wish that changes the topology; the monitor carries it out, and writes down what became of it.
-- p_command: {"command": failover | evacuate | restore | resync | add | remove | move | register, "arguments": {...}, "requested_by"}
-- Returns:   the command's row
-- Errors:    WF001 invalid_request; WF002 batch_too_large; WF601 no_mesh
create or replace function workflow.request_region_command(p_command jsonb)
  returns workflow.region_commands
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_command text := p_command ->> 'command';
  v_row     workflow.region_commands;
begin
  if v_command is null or v_command not in ('failover', 'evacuate', 'restore', 'resync', 'add', 'remove', 'move', 'register') then
    perform workflow.refuse('WF001', format('there is no command %s of regions', coalesce(v_command, 'null')), 'command');
  elsif not exists (select from workflow.mesh) then
    perform workflow.refuse('WF601', 'this region belongs to no mesh');
  elsif v_command = 'register' then
    perform workflow.check_tenants(p_command -> 'arguments' -> 'tenants');
  end if;
  insert into workflow.region_commands (command_id, command, arguments, requested_by, requested_at)
    values (gen_random_uuid(), v_command, coalesce(p_command -> 'arguments', '{}'), p_command ->> 'requested_by', workflow.clock())
    returning * into v_row;
  return v_row;
end $$;
