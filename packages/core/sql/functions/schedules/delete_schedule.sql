-- Marks a schedule as deleted: it fires no more, and its name is free for another one. Its runs stay. What it would have sent is erased.
-- Errors:  WF401 schedule_not_found, WF218 not_home
create or replace function workflow.delete_schedule(p_tenant text, p_name text)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_home record := workflow.assert_tenant_home(p_tenant);
  v_now  timestamptz;
begin
  perform from workflow.workflow_schedules s
    where s.tenant_id = p_tenant and s.name = p_name and s.residency = 'global' and s.deleted_at is null for update;
  v_now := workflow.clock();
  update workflow.workflow_schedules s
     set deleted_at = v_now, updated_at = v_now, next_fire_at = null, due_at = null, input = 'null', labels = '{}', last_error = null,
         revision = s.revision + 1, home_epoch = v_home.home_epoch, written_tick = v_home.written_tick
   where s.tenant_id = p_tenant and s.name = p_name and s.residency = 'global' and s.deleted_at is null;
  if not found then
    perform workflow.refuse('WF401', format('tenant %s has no schedule named %s', p_tenant, p_name), 'name');
  end if;
end $$;
