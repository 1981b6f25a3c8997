-- The part of release_held_messages that is done for each zone: sends held messages up to a position that its quorum has confirmed, oldest first.
-- After that look this region is asked once more whether their runs are at home here (still_at_home): confirmations of rows that everybody has dropped
-- reach a region after it was deposed, too. Messages of another home, or of an older tenure, are dropped: whoever adopts the run sends them anew. Those
-- of a group that is stopped for a move go to the end of the list and wait.
create or replace function workflow.let_go_messages(p_zone text, p_confirmed pg_lsn, p_limit int, out released int, out queues text[])
  language plpgsql volatile security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_found   record;
  v_home    text[];  -- <tenure>/<tenant> of what may be let go
  v_ours    text[];  -- the same of what this region is the home of
  v_ready   workflow.outgoing_message[];
begin
  select count(*)::int as count, array_agg(c.at) as places, array_agg(c.tenant_id) as tenants, array_agg(c.home_epoch) as tenures into v_found
    from (select h.ctid as at, r.tenant_id, r.home_epoch
            from workflow.held_messages h
            left join workflow.workflow_runs r on r.run_id = h.run_id
           where h.zone = p_zone and h.position <= p_confirmed
           order by h.position
           limit p_limit
             for update of h skip locked) c;
  v_home := array(select h.tenure || '/' || h.tenant_id from workflow.still_at_home(v_found.tenants, v_found.tenures) h);
  v_ours := array(select h.tenure || '/' || h.tenant_id from workflow.home_of(v_found.tenants) h where h.member_id = workflow.own_member());

  with found as (
    select f.at, coalesce(f.tenure || '/' || f.tenant_id = any (v_home), false) as is_at_home,
           coalesce(f.tenure || '/' || f.tenant_id = any (v_ours), false) as is_ours
      from unnest(v_found.places, v_found.tenants, v_found.tenures) f(at, tenant_id, tenure)
  ), stopped as (
    update workflow.held_messages h set position = pg_current_wal_flush_lsn()
      from found f
     where h.ctid = f.at and f.is_ours and not f.is_at_home
    returning h.run_id
  ), gone as (
    delete from workflow.held_messages h
     using found f
     where h.ctid = f.at and (f.is_at_home or not f.is_ours)
    returning h.queue, h.run_id, h.step_slug, h.task_index, h.visible_at, f.is_ours
  )
  select array_agg(row(g.queue, g.run_id, g.step_slug, g.task_index, g.visible_at)::workflow.outgoing_message) filter (where g.is_ours),
         count(*)::int
    into v_ready, released
    from gone g;
  queues := workflow.send_messages(v_ready);
end $$;
