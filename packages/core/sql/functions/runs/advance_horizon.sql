-- Raises the horizon to the oldest open run, looking at up to p_limit runs beyond it, and folds the changes of the open runs' counts.
-- It stays 15 minutes behind the clock: a run gets its id before its transaction commits, and no transaction lives that long.
-- Leader only (lease scheduler). Returns how many runs it passed; call again while that is p_limit.
-- Errors:  WF302 lease_lost
create or replace function workflow.advance_horizon(p_token bigint, p_limit int)
  returns table (moved int)
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
  set enable_sort = off
as $$
declare
  v_now     timestamptz := workflow.clock();
  v_ceiling uuid := workflow.run_id_floor(v_now - interval '15 minutes');
  v_moved   int := 0;
  v_last    uuid;
  v_run     record;
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform from workflow.run_horizon for update;  -- a retry of an older run comes before all that we read, or after all that we write
  for v_run in
    select r.run_id, r.finished_at
      from workflow.workflow_runs r
     where r.run_id >= (select h.oldest_open_run_id from workflow.run_horizon h) and r.run_id < v_ceiling
     order by r.run_id
     limit p_limit
  loop
    v_last  := v_run.run_id;
    exit when v_run.finished_at is null;
    v_moved := v_moved + 1;
  end loop;
  if v_last is not null then
    -- A retry that lowered it in between is not overwritten: its run is open again.
    update workflow.run_horizon h set oldest_open_run_id = v_last
     where h.oldest_open_run_id < v_last
       and not exists (select from workflow.workflow_runs r
                        where r.run_id >= h.oldest_open_run_id and r.run_id < v_last and r.finished_at is null);
  end if;

  if (select count(*) from (select from workflow.open_run_changes limit 50) c) >= 50 then
    with folded as (delete from workflow.open_run_changes c returning c.status, c.change)
    insert into workflow.open_run_changes (status, change)
      select f.status, sum(f.change) from folded f group by f.status having sum(f.change) <> 0;
  end if;
  return query select v_moved;
end $$;
