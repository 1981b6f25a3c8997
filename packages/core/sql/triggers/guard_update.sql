-- Guarded apply of an update that is not the next revision of what is stored, before update, in the apply worker (R3); the next one needs no
-- function. Lower: dropped, and kept where its tenure is lower. Equal: is here already. Higher: replaces. A higher tenure that comes as an update is
-- kept as a conflict and is an alarm: its insert is missing here, and an update does not carry unchanged long values.
create or replace function workflow.guard_update()
  returns trigger
  language plpgsql
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_new  jsonb := to_jsonb(new);
  v_old  jsonb := to_jsonb(old);
  v_from bigint := coalesce((v_old ->> 'home_epoch')::bigint, 0);
  v_to   bigint := coalesce((v_new ->> 'home_epoch')::bigint, 0);
begin
  if v_to < v_from then
    perform workflow.keep_conflict(tg_table_name, 'stale', v_new, v_old);
    return null;
  end if;
  if v_to = v_from and (v_new ->> 'revision')::bigint <= (v_old ->> 'revision')::bigint then
    return null;
  end if;
  if v_to > v_from then
    perform workflow.keep_conflict(tg_table_name, 'newer_by_update', v_new, v_old);
    if tg_table_name = 'workflow_runs' then
      perform workflow.wipe_children(old.run_id, old.residency, v_to, 'superseded');
    end if;
  end if;
  return new;
end $$;
