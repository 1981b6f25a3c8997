-- Tells that this region, which had lost its lease, is about to have it again, and for how long nobody executed its groups: also where nobody was there to
-- see it lost (its monitor was dead, or its server down). Before settle_lease writes the new one.
create or replace function workflow.note_lease_won()
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_own   text := (select m.region from workflow.mesh m);
  v_lease workflow.region_lease;
  v_lost  timestamptz;
begin
  select * into v_lease from workflow.region_lease;
  v_lost := coalesce(v_lease.lost_at, least(v_lease.expires_at, case when v_lease.server_started_at <> pg_catalog.pg_postmaster_start_time()
                                                                     then pg_catalog.pg_postmaster_start_time() end));
  if v_lost is not null and v_lost < v_lease.round_began_at then
    perform workflow.note_region_event('region_lease_won', v_own,
      format('%s has its lease again after %s ms without%s', v_own, (extract(epoch from v_lease.round_began_at - v_lost) * 1000)::bigint,
             case when v_lease.lost_at is null then ': nobody renewed it' else '' end),
      jsonb_build_object('successor', v_own, 'without_ms', (extract(epoch from v_lease.round_began_at - v_lost) * 1000)::bigint));
  end if;
end $$;
