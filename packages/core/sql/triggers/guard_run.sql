-- Guarded apply of workflow_runs, before insert, in the apply worker (R3): puts the row itself, so that a race is decided by the indexes and never
-- raises, then looks whether it may stay. A higher (tenure, revision) replaces what is stored, a lower one is dropped, an equal one is there already.
-- A taken key goes to the higher (tenure, run id). What the run has of lower tenures goes when its row comes, for the children of a tenure come first.
-- Locks: the run's row, that of a rival for its key. Errors: none but a deadlock, after which the worker applies the transaction again.
create or replace function workflow.guard_run()
  returns trigger
  language plpgsql
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_rows  int;
  v_other workflow.workflow_runs;
  v_check record;
begin
  loop
    insert into workflow.workflow_runs select new.* on conflict do nothing;
    get diagnostics v_rows = row_count;
    exit when v_rows = 1;

    select * into v_other from workflow.workflow_runs r where r.run_id = new.run_id and r.residency = new.residency for update;
    if found then
      if (new.home_epoch, new.revision) <= (v_other.home_epoch, v_other.revision) then
        perform workflow.keep_conflict('workflow_runs', 'stale', to_jsonb(new), to_jsonb(v_other)) where new.home_epoch < v_other.home_epoch;
        return null;
      end if;
      perform workflow.keep_conflict('workflow_runs', 'superseded', to_jsonb(new), to_jsonb(v_other))
        where new.home_epoch > v_other.home_epoch and new.revision <= v_other.revision;
      delete from workflow.workflow_runs r where r.run_id = new.run_id and r.residency = new.residency;
      continue;
    end if;

    select * into v_other from workflow.workflow_runs r
     where r.tenant_id = new.tenant_id and r.workflow = new.workflow and r.idempotency_key = new.idempotency_key for update;
    continue when not found;  -- it left between our two looks
    exit when exists (select from workflow.run_deletions d where d.run_id = new.run_id and d.residency = new.residency);  -- takes no key from anybody
    perform workflow.keep_conflict('workflow_runs', 'lost_key', to_jsonb(new), to_jsonb(v_other));
    if (new.home_epoch, new.run_id) > (v_other.home_epoch, v_other.run_id) then
      perform workflow.lose_run(v_other, new.run_id);
    else
      perform workflow.lose_run(new, v_other.run_id);
      return null;
    end if;
  end loop;

  v_check := workflow.why_not_run(new);
  if v_check.why = 'deleted' then
    delete from workflow.workflow_runs r where r.run_id = new.run_id and r.residency = new.residency;
  elsif v_check.why is not null then
    perform workflow.keep_conflict('workflow_runs', v_check.why, to_jsonb(new), null);
    perform workflow.lose_run(new, v_check.winner);
  elsif new.home_epoch > 1 then  -- nothing is older than the first tenure
    perform workflow.wipe_children(new.run_id, new.residency, new.home_epoch, 'superseded');
  end if;
  return null;
end $$;
