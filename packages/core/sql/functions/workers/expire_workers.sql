-- Records which workers fell silent, once each, with an event (failover_events, kind worker_expired). It only records: the scheduler judges
-- by the same rule when it takes tasks away.
-- Leader only (lease failover-monitor). Limit: p_limit workers a call.
-- Errors:  WF302 lease_lost
create or replace function workflow.expire_workers(p_token bigint, p_limit int)
  returns table (worker_id uuid, app text, host text, last_heartbeat_at timestamptz)
  language plpgsql security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now timestamptz := workflow.clock();
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  return query
    with silent as (
      select s.worker_id
        from workflow.workflow_workers s
       where s.expired_at is null and s.stopped_at is null and workflow.worker_is_gone(s, v_now)
       order by s.worker_id
       limit p_limit
         for update skip locked
    ), expired as (
      update workflow.workflow_workers w
         set expired_at = v_now, running = 0
        from silent s
       where w.worker_id = s.worker_id
      returning w.worker_id, w.app, w.host, w.last_heartbeat_at
    ), event as (
      insert into workflow.failover_events (occurred_at, kind, subject, former, reason, recorded_by)
      select v_now, 'worker_expired', e.worker_id::text, e.worker_id::text,
             format('%s %s on %s is silent since %s', e.app, e.worker_id, e.host,
                    to_char(e.last_heartbeat_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
             (select l.holder from workflow.leases l where l.name = 'failover-monitor')
        from expired e
    )
    select e.worker_id, e.app, e.host, e.last_heartbeat_at from expired e;
end $$;
