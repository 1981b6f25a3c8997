-- Moves the schedules on: those that fired to their next slot, with what became of the last; those that are deferred are looked at again in ten
-- minutes, with their slots still to come, by whoever leads then (another version may know the time zone).
-- Schedules are looked up as in judge_firings, and found again by their places: its locks hold them there.
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
  with firing as materialized (
    select s.at, f.verdict, f.next_fire_at, h.home_epoch, h.written_tick, a.slot_at, a.run_id,
           case when f.verdict = 'deferred' then f.error else a.error end as error, a.ordinal is not null as is_answered
      from unnest(p_firings) f
     cross join lateral (
       select t.ctid as at from workflow.workflow_schedules t
        where t.tenant_id = f.tenant_id and t.name = f.name and t.residency = 'global' limit 1) s
     cross join lateral workflow.assert_home(array[f.tenant_id]) h
      left join (select distinct on (a.ordinal) a.* from unnest(p_answers) a order by a.ordinal, a.slot_at desc) a on a.ordinal = f.ordinal
     where f.verdict in ('fired', 'deferred')
  )
  update workflow.workflow_schedules s
     set revision     = s.revision + 1,
         home_epoch   = f.home_epoch,
         written_tick = f.written_tick,
         next_fire_at = case when f.verdict = 'fired' then f.next_fire_at else s.next_fire_at end,
         due_at       = case when f.verdict = 'fired'
                             then f.next_fire_at + workflow.schedule_offset_ms(s.tenant_id, s.name, s.jitter_ms) * interval '1 millisecond'
                             else p_now + interval '10 minutes' end,
         last_slot_at = coalesce(f.slot_at, s.last_slot_at),
         last_run_id  = coalesce(f.run_id, s.last_run_id),
         last_error   = case when f.verdict = 'deferred' or f.is_answered then f.error else s.last_error end
    from firing f
   where s.ctid = f.at
$$;
