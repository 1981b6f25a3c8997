-- Enables or disables the link from a member, where there is one. For begin_seal and unseal only: nothing else may, or a seal is none.
create or replace function workflow.switch_link(p_member uuid, p_enabled boolean)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_link text := workflow.subscription_of(p_member);
begin
  if exists (select from pg_catalog.pg_subscription s
               join pg_catalog.pg_database d on d.oid = s.subdbid and d.datname = current_database()
              where s.subname = v_link and s.subenabled <> p_enabled) then
    execute format('alter subscription %I %s', v_link, case when p_enabled then 'enable' else 'disable' end);
  end if;
end $$;
