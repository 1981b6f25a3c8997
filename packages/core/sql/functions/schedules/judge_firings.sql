-- Reads the elements of fire_schedules, locks their schedules in the order of their names, and judges each: what the caller saw must still be true,
-- and its slots must be due, in order and not before the next one, so that none is fired twice or out of turn.
-- Verdicts: fired; changed (another revision, paused, deleted, not due, or twice in one call); deferred (no slots could be computed, or they are
-- not what they must be: error says why); not_home
-- Each schedule is looked up by its key, in a query of its own (ADR 0007): in a join the planner reads the whole table for each firing, once its
-- statistics are of a moment when the table had been emptied.
create or replace function workflow.judge_firings(p_firings jsonb)
  returns workflow.schedule_firing[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_home text[] := array(
    select h.home_epoch || '/' || h.tenant_id
      from workflow.assert_home(array(select distinct f.tenant_id from jsonb_to_recordset(p_firings) f(tenant_id text)), true) h);
  v_now  timestamptz;
begin
  perform from (select distinct f.tenant_id, f.name from jsonb_to_recordset(p_firings) f(tenant_id text, name text) order by 1, 2) f
    cross join lateral (
      select from workflow.workflow_schedules t
       where t.tenant_id = f.tenant_id and t.name = f.name and t.residency = 'global' for no key update) s;
  v_now := workflow.clock();

  return array(
    select row(f.ordinality, f.tenant_id, f.name, coalesce(f.slots, '{}'), f.next_fire_at, coalesce(f.error, bad.error),
               case when coalesce(s.home_epoch || '/' || s.tenant_id <> all (v_home), false) then 'not_home'
                    when s.revision is distinct from f.revision or f.copy > 1 or s.due_at is null or s.due_at > v_now then 'changed'
                    when coalesce(f.error, bad.error) is not null then 'deferred'
                    else 'fired' end)::workflow.schedule_firing
      from (select r.*, row_number() over (partition by r.tenant_id, r.name order by r.ordinality) as copy
              from rows from (jsonb_to_recordset(p_firings) as (tenant_id text, name text, revision bigint, slots timestamptz[],
                                                                next_fire_at timestamptz, error jsonb)) with ordinality r) f
      left join lateral (
        select t.* from workflow.workflow_schedules t
         where t.tenant_id = f.tenant_id and t.name = f.name and t.residency = 'global' limit 1) s on true
     cross join lateral (
       select case when f.slots[1] < s.next_fire_at
                     or f.next_fire_at <= coalesce(f.slots[cardinality(f.slots)], s.next_fire_at)
                     or f.slots[cardinality(f.slots)]
                        + workflow.schedule_offset_ms(s.tenant_id, s.name, s.jitter_ms) * interval '1 millisecond' > v_now
                     or f.slots <> array(select distinct x from unnest(f.slots) x order by x)
                   then jsonb_build_object('code', 'invalid_request', 'message', 'its slots are not due, or not in order') end) bad(error)
     order by f.ordinality);
end $$;
