-- compile_queue makes one function for all priorities of a queue where it made one for each: those of before go.
do $$
declare
  v_former regprocedure;
begin
  for v_former in
    select p.oid from pg_catalog.pg_proc p
     where p.pronamespace = 'pgmq'::regnamespace and p.proowner = 'workflow_owner'::regrole and p.proname ~ '^q_.*_p[012]_(take|waits)$'
  loop
    execute format('drop function %s', v_former);
  end loop;
end $$;
