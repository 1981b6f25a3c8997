-- What this region wants to have in the log, oldest first, and what became of wishes that nobody has been told of yet (told once). A definition is proposed
-- when a quorum has confirmed it (R6), so that no version is active that would be lost with this region, and activated behind it. Nothing is proposed while a member could
-- not read it (R14).
-- Leader only (lease failover-monitor). Limits: 1,000 items and about 1 MiB of them a call. Wishes that were decided a day ago are removed.
-- Returns:  item: to be proposed; outcome: it was decided, in that epoch
-- Errors:   WF302 lease_lost
create or replace function workflow.observe_wishes(p_token bigint)
  returns table (item jsonb, epoch bigint, outcome text)
  language plpgsql volatile security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now       timestamptz := workflow.clock();
  c_schema_version constant int := 14;  -- since which members know the kind `catalog`
  v_needed    int;
  v_confirmed pg_lsn;
  v_readable  boolean;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  delete from workflow.log_wishes w where w.epoch is not null and w.told and w.wished_at < v_now - interval '1 day';
  return query
    with told as (update workflow.log_wishes w set told = true where w.epoch is not null and not w.told returning w.wish_id, w.epoch, w.outcome)
    select null::jsonb, t.epoch, t.outcome from told t order by t.wish_id limit 1000;
  if not exists (select from workflow.log_wishes w where w.epoch is null) then
    return;
  end if;

  update workflow.log_wishes w set position = pg_current_wal_flush_lsn() where w.epoch is null and w.position is null;
  v_readable := not exists (
    select from workflow.region_members m join workflow.lease_grants g on g.member_id = m.member_id
     where m.state <> 'gone' and m.member_id <> workflow.own_member() and g.schema_version < c_schema_version);
  select q.needed, q.confirmed into v_needed, v_confirmed from workflow.quorum_positions() q where q.zone = 'global';
  return query
    select x.item, null::bigint, null::text
      from (select w.wish_id, w.item, sum(length(w.item::text)) over (order by w.wish_id) as chars
              from workflow.log_wishes w
             where w.epoch is null and v_readable and (w.item ->> 'item' not in ('version', 'activate') or v_needed = 0 or w.position <= v_confirmed)) x
     where x.chars <= 1048576
     order by x.wish_id
     limit 1000;
end $$;
