-- Guarded apply of every other replicated table, before insert, in the apply worker (R3): the higher (tenure, revision) stays. A table without a
-- revision is insert-only, its rows never change. For tables that see few rows a second: its statements are planned anew for each.
-- Trigger arguments: the columns of the primary key.
create or replace function workflow.guard_row()
  returns trigger
  language plpgsql
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_keys   text := (select string_agg(format('t.%1$I = ($1).%1$I', k), ' and ') from unnest(tg_argv) k);
  v_new    jsonb := to_jsonb(new);
  v_stored jsonb;
  v_rows   int;
begin
  loop
    execute format('insert into workflow.%I select ($1).* on conflict do nothing', tg_table_name) using new;
    get diagnostics v_rows = row_count;
    exit when v_rows = 1 or not v_new ? 'revision';
    execute format('select to_jsonb(t) from workflow.%I t where %s for update', tg_table_name, v_keys) into v_stored using new;
    continue when v_stored is null;
    if (coalesce((v_new ->> 'home_epoch')::bigint, 0), (v_new ->> 'revision')::bigint)
       <= (coalesce((v_stored ->> 'home_epoch')::bigint, 0), (v_stored ->> 'revision')::bigint) then
      perform workflow.keep_conflict(tg_table_name, 'stale', v_new, v_stored)
        where (v_new ->> 'home_epoch')::bigint < (v_stored ->> 'home_epoch')::bigint;
      exit;
    end if;
    perform workflow.keep_conflict(tg_table_name, 'superseded', v_new, v_stored)
      where (v_new ->> 'home_epoch')::bigint > (v_stored ->> 'home_epoch')::bigint
        and (v_new ->> 'revision')::bigint <= (v_stored ->> 'revision')::bigint;
    execute format('delete from workflow.%I t where %s', tg_table_name, v_keys) using new;
  end loop;
  return null;
end $$;
