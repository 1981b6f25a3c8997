-- Whose stream the row at hand came in: what follows _from_ in the name of the subscription that this process applies; '?' where there is none.
-- Found once a process: apply workers, those of a table's copy and parallel ones stand in pg_stat_subscription alike.
create or replace function workflow.replication_sender()
  returns text
  language plpgsql
  set search_path = ''
as $$
declare
  v_sender text := current_setting('workflow.replication_sender', true);
begin
  if coalesce(v_sender, '') = '' then
    select split_part(s.subname, '_from_', 2) into v_sender from pg_catalog.pg_stat_subscription s where s.pid = pg_backend_pid();
    v_sender := coalesce(nullif(v_sender, ''), '?');
    perform set_config('workflow.replication_sender', v_sender, false);
  end if;
  return v_sender;
end $$;
