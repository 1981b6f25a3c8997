-- Removes claimed messages past their visibility whose task is not running any more: what a report or a crash left behind.
create or replace function workflow.drop_stray_messages(p_now timestamptz, p_limit int)
  returns void
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
begin
  perform workflow.delete_messages(array(
    select row(m.queue, m.message_id, m.run_id, m.step_slug, m.task_index)::workflow.message_ref
      from workflow.messages_in_flight(p_now) m
      left join workflow.step_tasks t on t.run_id = m.run_id and t.step_slug = m.step_slug and t.task_index = m.task_index
     where m.is_visible and t.status is distinct from 'started'
     limit p_limit));
end $$;
