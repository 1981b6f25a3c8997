-- Fires due schedules: starts a run for each slot that the caller computed, and moves each schedule to its next slot, all in one transaction.
-- Leader only (lease scheduler). Exactly one run a slot: the lease's token, the revision that the slots were computed for, and the slot in the
-- run's idempotency key each would do.
-- p_firings: [{tenant_id, name, revision, slots: [time], next_fire_at: time | null (never again), error?: {code, message}}], together at most
--            batch_max slots; no slots: those that were missed are passed over; error: none could be computed
-- Returns:   a row an element, in order: verdict (judge_firings); how many slots started a run, existed before, were refused; error: of the last
--            that was refused, or why it is deferred. queues: those that got work, in the first row.
-- Errors:    WF302 lease_lost, WF001 invalid_request, WF002 batch_too_large, WF218 not_home
create or replace function workflow.fire_schedules(p_token bigint, p_firings jsonb)
  returns table (ordinal int, verdict text, started int, existing int, refused int, error jsonb, queues text[])
  language plpgsql security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_firings workflow.schedule_firing[];
  v_answers workflow.slot_answer[];
  v_queues  text[];
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(case when jsonb_typeof(p_firings) = 'array' then jsonb_array_length(p_firings) end, 'firings');
  perform workflow.check_batch((select coalesce(sum(cardinality(f.slots)), 0)::int from jsonb_to_recordset(p_firings) f(slots timestamptz[])), 'slots');
  v_firings := workflow.judge_firings(p_firings);

  with slot as (
    select f.ordinal, x.at, row_number() over (order by f.ordinal, x.at) as request
      from unnest(v_firings) f, unnest(f.slots) x(at)
     where f.verdict = 'fired'
  ), answer as (
    select r.* from workflow.start_runs(workflow.requests_of_firings(v_firings)) r
  )
  select coalesce(array_agg(row(s.ordinal, s.at, a.outcome, a.run_id,
                                case when a.code is not null
                                     then jsonb_build_object('code', a.code, 'message', a.message, 'slot', s.at) end)::workflow.slot_answer), '{}'),
         (select r.queues from answer r where r.queues is not null order by r.ordinal limit 1)
    into v_answers, v_queues
    from slot s
    join answer a on a.ordinal = s.request;

  if exists (select from unnest(v_answers) a where a.outcome = 'not_home') then  -- moved since it was judged: its slots are not ours to pass
    perform workflow.refuse('WF218', 'a tenant has moved to another region while its schedules were fired', 'firings');
  end if;
  perform workflow.settle_firings(v_firings, v_answers, workflow.clock());
  return query
    select f.ordinal, f.verdict, coalesce(n.started, 0), coalesce(n.existing, 0), coalesce(n.refused, 0), coalesce(f.error, n.error),
           case when row_number() over (order by f.ordinal) = 1 then v_queues end
      from unnest(v_firings) f
      left join (
        select a.ordinal, count(*) filter (where a.outcome = 'created')::int as started,
               count(*) filter (where a.outcome = 'existing')::int as existing, count(*) filter (where a.error is not null)::int as refused,
               (array_agg(a.error order by a.slot_at desc) filter (where a.error is not null))[1] as error
          from unnest(v_answers) a
         group by a.ordinal) n on n.ordinal = f.ordinal
     order by f.ordinal;
end $$;
