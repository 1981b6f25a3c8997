-- Guarded apply of run_deletions, before insert, in the apply worker (R3): erases the run, whatever its tenure. One deletion a run is kept, that of
-- the highest (tenure, revision). A run of a lower tenure that stands here with the key of the deleted one has lost it.
-- Locks: the run's row or its place in the primary key, so that a run that comes at this moment sees the deletion or is seen by it.
create or replace function workflow.guard_deletion()
  returns trigger
  language plpgsql
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_rows   int;
  v_stored workflow.run_deletions;
  v_other  workflow.workflow_runs;
begin
  loop
    insert into workflow.run_deletions select new.* on conflict do nothing;
    get diagnostics v_rows = row_count;
    exit when v_rows = 1;
    select * into v_stored from workflow.run_deletions d where d.run_id = new.run_id and d.residency = new.residency for update;
    continue when not found;
    if (new.home_epoch, new.revision) <= (v_stored.home_epoch, v_stored.revision) then
      return null;
    end if;
    delete from workflow.run_deletions d where d.run_id = new.run_id and d.residency = new.residency;
  end loop;

  loop
    delete from workflow.workflow_runs r where r.run_id = new.run_id and r.residency = new.residency;
    exit when found or workflow.stand_in_for_run(new.run_id, new.residency);
  end loop;
  perform workflow.wipe_children(new.run_id, new.residency, null, null);
  delete from workflow.run_timers m where m.run_id = new.run_id and m.residency = new.residency;
  delete from workflow.replication_conflicts c where c.run_id = new.run_id;

  select * into v_other from workflow.workflow_runs r
   where r.tenant_id = new.tenant_id and r.workflow = new.workflow and r.idempotency_key = new.idempotency_key
     and r.home_epoch < new.run_epoch for update;
  if found then
    perform workflow.keep_conflict('workflow_runs', 'lost_key', null, to_jsonb(v_other));
    perform workflow.lose_run(v_other, new.run_id);
  end if;
  return null;
end $$;
