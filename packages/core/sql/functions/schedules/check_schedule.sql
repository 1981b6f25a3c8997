-- Refuses a draft that may not be stored, naming the field: its own fields first, then what start_runs would say to one of its runs.
-- That cron and time_zone can be read is what the services see to: they compute the slots, and without a first one there is nothing to store.
-- Errors:  WF001 invalid_request, WF403 bad_schedule_name, WF404 bad_cron, WF405 bad_time_zone, WF217 bad_time; WF201 unknown_workflow,
--          WF209 unknown_version, WF202 type_violation, WF203 map_too_large, WF214 bad_tenant_id, WF216 bad_labels
create or replace function workflow.check_schedule(p_draft workflow.workflow_schedules, p_now timestamptz)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_wrong record;
begin
  select w.* into v_wrong
    from (values
      (1, coalesce(p_draft.name !~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$', true), 'WF403', 'name',
          'a schedule''s name has up to 128 letters, digits, dots, underscores and hyphens, and begins with a letter or digit'),
      (2, coalesce(length(p_draft.cron) not between 1 and 255, true), 'WF404', 'cron', 'cron must have 1 to 255 characters'),
      (3, coalesce(length(p_draft.time_zone) not between 1 and 64, true), 'WF405', 'time_zone', 'time_zone must have 1 to 64 characters'),
      (4, coalesce(p_draft.catch_up not in ('none', 'one', 'all'), true), 'WF001', 'catch_up', 'catch_up must be none, one or all'),
      (5, coalesce(p_draft.catch_up_max not between 1 and 1000, true), 'WF001', 'catch_up_max', 'catch_up_max must lie between 1 and 1000'),
      (6, coalesce(p_draft.jitter_ms not between 0 and 86400000, true), 'WF001', 'jitter_ms', 'jitter_ms must lie between 0 and 86400000'),
      (7, p_draft.paused is null, 'WF001', 'paused', 'paused must be true or false'),
      (8, p_draft.next_fire_at is null and not p_draft.paused, 'WF001', 'next_fire_at', 'a schedule that is not paused needs its next slot')
    ) w(no, wrong, sqlstate, field, message)
   where w.wrong
   order by w.no
   limit 1;
  if found then
    perform workflow.refuse(v_wrong.sqlstate, v_wrong.message, v_wrong.field);
  end if;

  for v_wrong in
    select q.code, q.message, q.field
      from unnest(workflow.judge_run_requests(jsonb_build_array(workflow.schedule_request(p_draft, null)), p_now)) q
     where q.code is not null
  loop
    perform workflow.refuse(case v_wrong.code when 'unknown_workflow' then 'WF201' when 'unknown_version' then 'WF209' when 'type_violation' then 'WF202'
                                              when 'map_too_large' then 'WF203' when 'bad_tenant_id' then 'WF214' when 'bad_labels' then 'WF216'
                                              else 'WF001' end,
                            v_wrong.message, v_wrong.field);
  end loop;
end $$;
