-- Tells a decision about regions in failover_events: p_reason is its sentence, which the log of this region's monitor repeats. In the transaction of the
-- fact, so that there is one row for each and none for what did not come to pass. Whoever calls sees to it that what lasts is told once.
-- p_more: {"former", "successor", "without_ms"}; "learned": decided by the mesh, not by this region's monitor
create or replace function workflow.note_region_event(p_kind text, p_subject text, p_reason text, p_more jsonb default '{}')
  returns void
  language sql
  set search_path = ''
as $$
  select workflow.record_failover_event(p_more || jsonb_build_object(
    'kind', p_kind, 'subject', p_subject, 'reason', p_reason,
    'recorded_by', case when not p_more ? 'learned' then (select l.holder from workflow.leases l where l.name = 'failover-monitor') end))
$$;
