-- A schedule with some of its fields changed, not stored yet: the fields that a client may set, and next_fire_at, which its service computed.
-- A paused schedule has no next slot. Errors: WF001 invalid_request (priority)
create or replace function workflow.draft_schedule(p_base workflow.workflow_schedules, p_change jsonb)
  returns workflow.workflow_schedules
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_priority text := p_change ->> 'priority';
  v_draft    workflow.workflow_schedules;
begin
  if v_priority not in ('low', 'normal', 'high') then
    perform workflow.refuse('WF001', format('priority must be low, normal or high, not %s', v_priority), 'priority');
  end if;
  v_draft := jsonb_populate_record(p_base, coalesce((
    select jsonb_object_agg(c.key, c.value)
      from jsonb_each(p_change) c
     where c.key in ('cron', 'time_zone', 'workflow', 'version', 'input', 'labels', 'catch_up', 'catch_up_max', 'jitter_ms', 'paused',
                     'next_fire_at')), '{}'));
  v_draft.priority := coalesce(case v_priority when 'low' then 0 when 'normal' then 1 when 'high' then 2 end, v_draft.priority);
  v_draft.input    := coalesce(v_draft.input, 'null');
  v_draft.labels   := coalesce(v_draft.labels, '{}');
  if v_draft.paused then
    v_draft.next_fire_at := null;
  end if;
  v_draft.due_at := v_draft.next_fire_at
                    + workflow.schedule_offset_ms(v_draft.tenant_id, v_draft.name, v_draft.jitter_ms) * interval '1 millisecond';
  return v_draft;
end $$;
