// What a home does to its rows, as the engine and an adoption do it, and an outbox that keeps what a publication would send: whole rows of inserts
// and updates of local transactions, no deletes, nothing that came from another region.
const TABLES = [
  'workflow_runs',
  'step_states',
  'step_tasks',
  'step_attempts',
  'run_deletions',
  'workflow_definitions',
  'workflow_schedules',
  'group_adoptions',
  'stream_ledger',
  'run_requests',
  'run_request_outcomes',
];
export const REPLICATED_TABLES: readonly string[] = TABLES;

export const OUTBOX_SQL = `
create schema if not exists story;
create table story.outbox (seq bigint generated always as identity primary key, tx text not null, tab text not null, op text not null, entry jsonb not null);
create function story.capture() returns trigger language plpgsql as $$ begin
  insert into story.outbox (tx, tab, op, entry)
  values (pg_current_xact_id()::text, tg_table_name, lower(tg_op), to_jsonb(new));
  return null;
end $$;
${TABLES.map((table) => `create trigger capture after insert or update on workflow.${table} for each row execute function story.capture();`).join('\n')}
`;

/** What an apply worker does with them, in a session that is a replica: an update of a row that is not there is skipped. */
export const APPLY_SQL = `
create function story.apply(p_entries jsonb) returns void language plpgsql as $$
declare
  v_entry jsonb;
  v_tab   text;
  v_cols  text;
  v_keys  text;
begin
  for v_entry in select value from jsonb_array_elements(p_entries) loop
    v_tab := v_entry ->> 'tab';
    if v_entry ->> 'op' = 'insert' then
      execute format('insert into workflow.%1$I select (jsonb_populate_record(null::workflow.%1$I, $1)).*', v_tab) using v_entry -> 'entry';
      continue;
    end if;
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum),
           string_agg(format('t.%1$I = x.%1$I', a.attname), ' and ') filter (where a.attnum = any (i.indkey))
      into v_cols, v_keys
      from pg_attribute a join pg_index i on i.indrelid = a.attrelid and i.indisprimary
     where a.attrelid = ('workflow.' || v_tab)::regclass and a.attnum > 0 and not a.attisdropped;
    execute format('update workflow.%1$I t set (%2$s) = (select %2$s from jsonb_populate_record(null::workflow.%1$I, $1))
                      from jsonb_populate_record(null::workflow.%1$I, $1) x where %3$s', v_tab, v_cols, v_keys) using v_entry -> 'entry';
  end loop;
end $$;
`;

export const STORY_SQL = `
create schema if not exists story;
-- A home of this tenure starts a run, unless it has one with the key.
create function story.start(p_tenure bigint, p_run_id uuid, p_key text) returns void language plpgsql as $$
begin
  insert into workflow.workflow_runs (run_id, home_epoch, written_tick, tenant_id, placement_group, workflow, definition_id, status, remaining_leaves,
                                      total_steps, input, created_at, started_at, idempotency_key, request_hash)
  values (p_run_id, p_tenure, 0, 't', 'global/0', 'w', p_run_id, 'started', 2, 2, '{}', now(), now(), p_key, case when p_key is not null then '\\x01'::bytea end)
  on conflict do nothing;
  if not found then return; end if;
  insert into workflow.step_states (run_id, step_slug, home_epoch, written_tick, status, remaining_deps, initial_tasks, remaining_tasks, created_at, started_at)
  select p_run_id, slug, p_tenure, 0, 'started', 0, 5, 5, now(), now() from unnest('{a,b}'::text[]) slug;
  insert into workflow.step_tasks (run_id, step_slug, task_index, home_epoch, written_tick, status, available_at, created_at)
  values (p_run_id, 'a', 0, p_tenure, 0, 'queued', now(), now());
end $$;

create function story.run_of(p_tenure bigint, p_pick int) returns uuid language sql as $$
  with mine as (select run_id from workflow.workflow_runs where home_epoch = p_tenure)
  select run_id from mine order by run_id offset p_pick % greatest(1, (select count(*) from mine)) limit 1
$$;

-- It writes something of one of its runs.
create function story.write(p_tenure bigint, p_pick int, p_what int, p_note text) returns void language plpgsql as $$
declare
  v_run uuid := story.run_of(p_tenure, p_pick);
begin
  perform from workflow.workflow_runs where run_id = v_run and home_epoch = p_tenure for no key update;
  if not found then return; end if;
  case p_what % 5
    when 0 then update workflow.workflow_runs set labels = jsonb_build_object('note', p_note), revision = revision + 1 where run_id = v_run;
    when 1 then update workflow.step_states set output_bytes = length(p_note) + p_pick, revision = revision + 1 where run_id = v_run and home_epoch = p_tenure;
    when 2 then update workflow.step_tasks set error = jsonb_build_object('note', p_note), attempt = attempt + 1, revision = revision + 1
                 where run_id = v_run and step_slug = 'a' and home_epoch = p_tenure;
    when 3 then insert into workflow.step_tasks (run_id, step_slug, task_index, home_epoch, written_tick, status, available_at, created_at, error)
                values (v_run, 'b', p_pick % 5, p_tenure, 0, 'queued', now(), now(), jsonb_build_object('note', p_note)) on conflict do nothing;
    when 4 then insert into workflow.step_attempts (run_id, step_slug, task_index, attempt, home_epoch, written_tick, reported, error, failed_at)
                values (v_run, 'a', 0, p_pick % 7, p_tenure, 0, true, jsonb_build_object('note', p_note), now()) on conflict do nothing;
  end case;
end $$;

-- It deletes one of its runs that have no key (what a key that is free again may bring is a story of its own).
create function story.delete(p_tenure bigint, p_pick int) returns uuid language plpgsql as $$
declare
  v_run uuid := story.run_of(p_tenure, p_pick);
begin
  perform from workflow.workflow_runs where run_id = v_run and home_epoch = p_tenure and idempotency_key is null for update;
  if not found then return null; end if;
  insert into workflow.run_deletions (run_id, residency, home_epoch, written_tick, deleted_at, tenant_id, placement_group, workflow, run_epoch)
  select run_id, residency, home_epoch, written_tick, now(), tenant_id, placement_group, workflow, home_epoch
    from workflow.workflow_runs where run_id = v_run
  on conflict do nothing;
  perform workflow.erase_runs(array[v_run]);
  return v_run;
end $$;

-- It creates or changes the schedule.
create function story.schedule(p_tenure bigint, p_note text) returns void language sql as $$
  insert into workflow.workflow_schedules as s (tenant_id, name, home_epoch, written_tick, placement_group, cron, time_zone, workflow, input, created_at, updated_at)
  values ('t', 's', p_tenure, 0, 'global/0', p_note, 'UTC', 'w', '{}', now(), now())
  on conflict (tenant_id, name, residency) do update set cron = excluded.cron, revision = s.revision + 1 where s.home_epoch = p_tenure
$$;

-- It adopts one row group of an older tenure: a run with all that belongs to it, children first, a deletion, or the schedule. False: nothing left.
create function story.adopt(p_tenure bigint) returns boolean language plpgsql as $$
declare
  v_run     workflow.workflow_runs;
  v_step    workflow.step_states;
  v_task    workflow.step_tasks;
  v_attempt workflow.step_attempts;
  v_gone    workflow.run_deletions;
  v_plan    workflow.workflow_schedules;
begin
  select * into v_run from workflow.workflow_runs where home_epoch < p_tenure order by run_id limit 1 for update;
  if found then
    for v_attempt in delete from workflow.step_attempts where run_id = v_run.run_id returning * loop
      v_attempt.home_epoch := p_tenure; v_attempt.revision := v_attempt.revision + 1;
      insert into workflow.step_attempts select v_attempt.*;
    end loop;
    for v_task in delete from workflow.step_tasks where run_id = v_run.run_id returning * loop
      v_task.home_epoch := p_tenure; v_task.revision := v_task.revision + 1;
      insert into workflow.step_tasks select v_task.*;
    end loop;
    for v_step in delete from workflow.step_states where run_id = v_run.run_id returning * loop
      v_step.home_epoch := p_tenure; v_step.revision := v_step.revision + 1;
      insert into workflow.step_states select v_step.*;
    end loop;
    delete from workflow.workflow_runs where run_id = v_run.run_id;
    v_run.home_epoch := p_tenure; v_run.revision := v_run.revision + 1;
    insert into workflow.workflow_runs select v_run.*;
    return true;
  end if;
  delete from workflow.run_deletions where home_epoch < p_tenure and run_id = (select run_id from workflow.run_deletions where home_epoch < p_tenure order by run_id limit 1)
    returning * into v_gone;
  if found then
    v_gone.home_epoch := p_tenure; v_gone.revision := v_gone.revision + 1;
    insert into workflow.run_deletions select v_gone.*;
    return true;
  end if;
  delete from workflow.workflow_schedules where home_epoch < p_tenure returning * into v_plan;
  if found then
    v_plan.home_epoch := p_tenure; v_plan.revision := v_plan.revision + 1;
    insert into workflow.workflow_schedules select v_plan.*;
    return true;
  end if;
  return false;
end $$;
`;
