-- Records a decision about who works or leads: {kind, subject, former?, successor?, reason, without_ms?, recorded_by?}.
-- reason is one sentence; the log line and the tests say the same one.
create or replace function workflow.record_failover_event(p_event jsonb)
  returns bigint
  language sql volatile security definer
  set search_path = ''
as $$
  insert into workflow.failover_events (occurred_at, kind, subject, former, successor, reason, without_ms, recorded_by)
  select workflow.clock(), e.kind, e.subject, e.former, e.successor, e.reason, e.without_ms, e.recorded_by
    from jsonb_to_record(p_event)
      as e(kind text, subject text, former text, successor text, reason text, without_ms bigint, recorded_by uuid)
  returning event_id
$$;
