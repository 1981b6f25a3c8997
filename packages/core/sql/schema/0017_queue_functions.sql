-- The triggers of the laws of rows go in this migration too, when their function does: the tables are taken in the order in which the engine locks their rows.
lock table workflow.workflow_runs, workflow.step_states, workflow.step_tasks in access exclusive mode;

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
