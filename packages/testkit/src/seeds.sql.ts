// What a template has besides core's schema: a copy of the rows that a fresh install has, so that `reset` can put them back, and the clock
// that tests move. Queues that a test made stay, empty: pgmq's tables outlive a reset, and so does the list of them.
// Lives in a schema of its own, which no function of the product knows.
export const SEEDS_SQL = `
create schema testkit;
create table testkit.clock (singleton boolean primary key default true check (singleton), shift interval not null, frozen_at timestamptz);
insert into testkit.clock (shift) values ('0');
do $$
declare
  v_table text;
  v_rows  bigint;
begin
  for v_table in select tablename from pg_catalog.pg_tables where schemaname = 'workflow' and tablename <> 'queues' loop
    execute format('select count(*) from workflow.%I', v_table) into v_rows;
    if v_rows > 0 then
      execute format('create table testkit.%I as table workflow.%I', 'seed_' || v_table, v_table);
    end if;
  end loop;
end $$;

create function testkit.messages() returns table (queue text, msg_id bigint, vt timestamptz, run_id uuid, step_slug text, task_index int)
language plpgsql stable as $$
declare
  v_queue text;
begin
  for v_queue in select m.queue_name from pgmq.meta m where m.queue_name <> 'health_probe' loop
    return query execute format(
      'select %L, q.msg_id, q.vt, (q.message ->> ''run_id'')::uuid, q.message ->> ''step_slug'', (q.message ->> ''task_index'')::int
         from pgmq.%I q', v_queue, 'q_' || v_queue);
  end loop;
end $$;

create function testkit.reset() returns void language plpgsql as $$
declare
  v_table text;
begin
  for v_table in
    select format('%I.%I', n.nspname, c.relname)
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and pg_relation_size(c.oid) > 0
       and (n.nspname = 'workflow' and c.relname <> 'queues' or n.nspname = 'pgmq' and (c.relname like 'q\\_%' or c.relname like 'a\\_%'))
  loop
    -- A new file for a table costs more than deleting the few rows that most tests leave.
    if pg_relation_size(v_table) > 1048576 then
      execute 'truncate ' || v_table;
    else
      execute 'delete from ' || v_table;
    end if;
  end loop;
  for v_table in select substr(tablename, 6) from pg_catalog.pg_tables where schemaname = 'testkit' and tablename like 'seed\\_%' loop
    execute format('insert into workflow.%I overriding system value select * from testkit.%I', v_table, 'seed_' || v_table);
  end loop;
  update testkit.clock set shift = '0', frozen_at = null;
end $$;
`;
