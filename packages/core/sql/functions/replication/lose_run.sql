-- A run loses its key to another: it leaves with all that belongs to it, and a tombstone catches what comes of it later, up to this tenure.
-- p_run: its row as it is stored here, or as it came. p_won: the run that stands. Whoever lost to this one before has lost to that one.
-- Locks: the row of the run, where it is stored. Called by guards only: their plan settings hold here too.
create or replace function workflow.lose_run(p_run workflow.workflow_runs, p_won uuid)
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  delete from workflow.workflow_runs r where r.run_id = p_run.run_id and r.residency = p_run.residency;
  delete from workflow.run_timers m where m.run_id = p_run.run_id and m.residency = p_run.residency;
  insert into workflow.lost_runs as l (run_id, residency, lost_to, home_epoch, lost_at)
  values (p_run.run_id, p_run.residency, p_won, p_run.home_epoch, workflow.clock())
  on conflict (run_id, residency) do update
     set lost_to = excluded.lost_to, home_epoch = greatest(l.home_epoch, excluded.home_epoch), lost_at = excluded.lost_at;
  update workflow.lost_runs l set lost_to = p_won where l.lost_to = p_run.run_id;
  perform workflow.wipe_children(p_run.run_id, p_run.residency, p_run.home_epoch + 1, 'lost_run');
end $$;
