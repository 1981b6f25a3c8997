-- Who copies this server physically, by its slots, for synchronized_standby_slots (R17): {"standbys": [{"slot", "connected", "streaming", "awayMs", "lost"}],
-- "awaited", "visible"}.
-- streaming: it has caught up, and says how far it has replayed. Who archives the log (pg_receivewal, Barman) never does: it is no standby, and confirms late.
-- awayMs:    for how long nobody has used the slot; null while somebody does
-- awaited:   commits wait for a synchronous standby (synchronous_standby_names), and none streams: whoever was the last may still be promoted
-- visible:   false: the owner is not in pg_read_all_stats, so that nothing is known of any connection
create or replace function workflow.observe_standbys()
  returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'standbys', (
      select coalesce(jsonb_agg(jsonb_build_object(
               'slot', s.slot_name, 'connected', s.active,
               'streaming', coalesce(w.state = 'streaming' and w.replay_lsn is not null, false),
               'awayMs', case when not s.active then floor(extract(epoch from workflow.clock() - s.inactive_since) * 1000) end,
               'lost', s.wal_status is not distinct from 'lost') order by s.slot_name), '[]')
        from pg_catalog.pg_replication_slots s
        left join pg_catalog.pg_stat_replication w on w.pid = s.active_pid
       where s.slot_type = 'physical' and not s.temporary),
    'awaited', current_setting('synchronous_standby_names') <> ''
               and not exists (select from pg_catalog.pg_stat_replication w where w.state = 'streaming' and w.sync_state in ('sync', 'quorum')),
    'visible', pg_has_role(current_user, 'pg_read_all_stats', 'usage'))
$$;
