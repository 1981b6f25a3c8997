-- Holds the homes of all groups where they are, from here to the end of the transaction: whoever moves one away waits (seize_home). Called in a
-- statement of its own: what is read after it is read with a newer snapshot than the wait for the lock.
-- Returns the ledger tick to stamp writes with, read like write_tick's after the transaction has its id; null: this region has no live lease.
-- Refuses a session that could write what was true once: a snapshot of before the wait (any isolation but READ COMMITTED), or a transaction that may
-- outlive the region's lease (transaction_timeout, set on the login).
-- Lease and tick are read together, behind the lock: each statement costs a claim or report of one task half a percent.
-- Errors:  WF620 unsafe_session
create or replace function workflow.share_home()
  returns bigint
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_timeout_ms double precision := extract(epoch from current_setting('transaction_timeout')::interval) * 1000;
  v_lease_ms   int;
  v_is_live    boolean;
  v_tick       bigint;
begin
  perform pg_advisory_xact_lock_shared(7, 1), pg_current_xact_id();
  select l.lease_ms, workflow.is_live_lease(l.expires_at, l.server_started_at, workflow.clock()), c.tick
    into v_lease_ms, v_is_live, v_tick
    from workflow.region_lease l, workflow.stream_clock c;
  if current_setting('transaction_isolation') <> 'read committed' then
    perform workflow.refuse('WF620', format('a region of a mesh is written under READ COMMITTED, not under %s',
                                            upper(current_setting('transaction_isolation'))), 'transaction_isolation');
  elsif v_timeout_ms <= 0 or v_timeout_ms >= v_lease_ms then
    perform workflow.refuse('WF620', format('this login''s transaction_timeout is %s; it must be above 0 and below the lease of the region, %s ms',
                                            current_setting('transaction_timeout'), v_lease_ms), 'transaction_timeout',
                            jsonb_build_object('lease_ms', v_lease_ms));
  end if;
  return case when v_is_live then v_tick end;
end $$;
