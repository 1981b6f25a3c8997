-- Moves the schedules on: those that fired to their next slot, with what became of the last; those that are deferred are looked at again in ten
-- minutes, with their slots still to come, by whoever leads then (another version may know the time zone).
create or replace function workflow.settle_firings(p_firings workflow.schedule_firing[], p_answers workflow.slot_answer[], p_now timestamptz)
  returns void
  language sql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
  update workflow.workflow_schedules s
     set revision     = s.revision + 1,
         home_epoch   = h.home_epoch,
         written_tick = h.written_tick,
         next_fire_at = case when f.verdict = 'fired' then f.next_fire_at else s.next_fire_at end,
         due_at       = case when f.verdict = 'fired'
                             then f.next_fire_at + workflow.schedule_offset_ms(s.tenant_id, s.name, s.jitter_ms) * interval '1 millisecond'
                             else p_now + interval '10 minutes' end,
         last_slot_at = coalesce(last.slot_at, s.last_slot_at),
         last_run_id  = coalesce(last.run_id, s.last_run_id),
         last_error   = case when f.verdict = 'deferred' then f.error when last.ordinal is null then s.last_error else last.error end
    from unnest(p_firings) f
    left join (select distinct on (a.ordinal) a.* from unnest(p_answers) a order by a.ordinal, a.slot_at desc) last on last.ordinal = f.ordinal
   cross join lateral workflow.assert_home(array[f.tenant_id]) h
   where f.verdict in ('fired', 'deferred')
     and s.tenant_id = f.tenant_id and s.name = f.name and s.residency = 'global'
$$;
