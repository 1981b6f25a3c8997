-- Guarded apply of step_states, before insert, in the apply worker (R3). The ordinary row, whose run is here and of no higher tenure and which is not here
-- itself, is left to the worker: its run is locked, so nobody else can bring it meanwhile, and an insert of our own would be one statement more.
-- Else the higher (tenure, revision) stays.
-- Locks: the run's row, so that nobody brings a row of the run, replaces, deletes or outbids it before this row can be seen; the row that is replaced.
-- Errors: none but a deadlock, after which the worker applies the transaction again.
create or replace function workflow.guard_step()
  returns trigger
  language plpgsql
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_epoch  bigint;
  v_rows   int;
  v_why    text;
  v_stored workflow.step_states;
begin
  select r.home_epoch into v_epoch from workflow.workflow_runs r where r.run_id = new.run_id and r.residency = new.residency for no key update;
  if v_epoch <= new.home_epoch
     and not exists (select from workflow.step_states t
                      where t.run_id = new.run_id and t.step_slug = new.step_slug and t.residency = new.residency) then
    return new;
  end if;

  loop
    v_why := workflow.why_not_child(new.run_id, new.residency, new.home_epoch);
    if v_why is not null then
      perform workflow.keep_conflict('step_states', v_why, to_jsonb(new), null) where v_why <> 'deleted';
      exit;
    end if;
    select * into v_stored from workflow.step_states t
     where t.run_id = new.run_id and t.step_slug = new.step_slug and t.residency = new.residency for update;
    if found then
      if (new.home_epoch, new.revision) <= (v_stored.home_epoch, v_stored.revision) then
        perform workflow.keep_conflict('step_states', 'stale', to_jsonb(new), to_jsonb(v_stored)) where new.home_epoch < v_stored.home_epoch;
        exit;
      end if;
      perform workflow.keep_conflict('step_states', 'superseded', to_jsonb(new), to_jsonb(v_stored))
        where new.home_epoch > v_stored.home_epoch and new.revision <= v_stored.revision;
      delete from workflow.step_states t
       where t.run_id = new.run_id and t.step_slug = new.step_slug and t.residency = new.residency;
    end if;
    insert into workflow.step_states select new.* on conflict do nothing;  -- its run is held, or its place
    get diagnostics v_rows = row_count;
    exit when v_rows = 1;
  end loop;
  return null;
end $$;
