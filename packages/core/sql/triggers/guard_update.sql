-- Guarded apply of an update that is not the next revision of what was stored, after update, in the apply worker (R3); the next one needs no
-- function. Lower: what was stored is put back, in the same transaction, so nobody sees the lower one; kept where its tenure is lower. Equal: likewise,
-- it is here already. Higher: stays. A higher tenure that comes as an update is kept as a conflict and is an alarm: its insert is missing here, and an
-- update does not carry unchanged long values.
-- After, not before: arm_guards says why. The worker holds the row since it found it, so old is what was stored.
-- Trigger arguments: the columns of the primary key.
create or replace function workflow.guard_update()
  returns trigger
  language plpgsql
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_keys text := (select string_agg(format('t.%1$I = ($1).%1$I', k), ' and ') from unnest(tg_argv) k);
  v_new  jsonb := to_jsonb(new);
  v_old  jsonb := to_jsonb(old);
  v_from bigint := coalesce((v_old ->> 'home_epoch')::bigint, 0);
  v_to   bigint := coalesce((v_new ->> 'home_epoch')::bigint, 0);
begin
  if v_to < v_from or v_to = v_from and (v_new ->> 'revision')::bigint <= (v_old ->> 'revision')::bigint then
    perform workflow.keep_conflict(tg_table_name, 'stale', v_new, v_old) where v_to < v_from;
    execute format('delete from workflow.%I t where %s', tg_table_name, v_keys) using new;
    execute format('insert into workflow.%I select ($1).*', tg_table_name) using old;
    return null;
  end if;
  if v_to > v_from then
    perform workflow.keep_conflict(tg_table_name, 'newer_by_update', v_new, v_old);
    if tg_table_name = 'workflow_runs' then
      perform workflow.wipe_children(old.run_id, old.residency, v_to, 'superseded');
    end if;
  end if;
  return null;
end $$;
