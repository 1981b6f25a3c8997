-- Holds the homes of all groups where they are, from here to the end of the transaction: whoever moves one away waits (seize_home). Called in a
-- statement of its own: what is read after it is read with a newer snapshot than the wait for the lock.
-- Refuses a session that could write what was true once: a snapshot of before the wait (any isolation but READ COMMITTED), or a transaction that may
-- outlive the region's lease (transaction_timeout, set on the login).
-- Errors:  WF620 unsafe_session
create or replace function workflow.share_home()
  returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_timeout_ms double precision := extract(epoch from current_setting('transaction_timeout')::interval) * 1000;
  v_lease_ms   int := (select l.lease_ms from workflow.region_lease l);
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    perform workflow.refuse('WF620', format('a region of a mesh is written under READ COMMITTED, not under %s',
                                            upper(current_setting('transaction_isolation'))), 'transaction_isolation');
  elsif v_timeout_ms <= 0 or v_timeout_ms >= v_lease_ms then
    perform workflow.refuse('WF620', format('this login''s transaction_timeout is %s; it must be above 0 and below the lease of the region, %s ms',
                                            current_setting('transaction_timeout'), v_lease_ms), 'transaction_timeout',
                            jsonb_build_object('lease_ms', v_lease_ms));
  end if;
  perform pg_advisory_xact_lock_shared(7, 1);
end $$;
