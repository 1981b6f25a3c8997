-- The runs whose timers of this kind have come due, in the order of their times. A timer whose run is gone is removed on the way.
create or replace function workflow.due_timers(p_kind text, p_now timestamptz, p_limit int)
  returns uuid[]
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_due uuid[] := array(
    select t.run_id from workflow.run_timers t where t.kind = p_kind and t.due_at <= p_now order by t.due_at limit p_limit);
begin
  delete from workflow.run_timers t
   where t.kind = p_kind and t.run_id = any (v_due)
     and not exists (select from workflow.workflow_runs r where r.run_id = t.run_id);
  return v_due;
end $$;
