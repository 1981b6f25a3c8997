-- Tells, once, that this region has lost the lease that it had; nothing where it never had one, or where that was told. A lease ends by the clock or with
-- its server, whichever is first.
create or replace function workflow.note_lease_lost(p_reason text)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_own  text        := (select m.region from workflow.mesh m);
  v_now  timestamptz := workflow.clock();
  v_lost timestamptz;
begin
  update workflow.region_lease l
     set lost_at = least(v_now, l.expires_at, case when l.server_started_at <> pg_catalog.pg_postmaster_start_time()
                                                   then pg_catalog.pg_postmaster_start_time() end)
   where l.lost_at is null and l.expires_at is not null
  returning l.lost_at into v_lost;
  if found then
    perform workflow.note_region_event('region_lease_lost', v_own, format('%s has lost its lease and executes nothing: %s', v_own, p_reason),
      jsonb_build_object('former', v_own, 'without_ms', (extract(epoch from v_now - v_lost) * 1000)::bigint));
  end if;
end $$;
