-- start_runs, and after its commit the wake-up of whoever works for the queues that got work: in one call, for a caller who has no other wake-up to
-- send with it. A worker hears of the run before the caller does; sent by the caller, the wake-up is a round trip later.
-- Like every wake-up it is a transaction of its own (a NOTIFY takes a global lock at its commit) that does not wait for the disk, and may be left out:
-- where listeners are so far behind that the server has no room for it, what is committed must not look as if it had failed. (If its commit waits for that
-- lock past a timeout of the session, it does: like an answer that was lost, for which a key is there.)
-- Commits: so no SET clause and no definer's rights, which PostgreSQL denies to what commits; all names are qualified.
-- Returns:  the rows of start_runs as one array of objects
create or replace procedure workflow.submit_runs(p_requests jsonb, inout answer json default null)
  language plpgsql
as $$
declare
  v_queues text[];
begin
  select coalesce(pg_catalog.json_agg(s order by s.ordinal), '[]'), pg_catalog.max(s.queues) into answer, v_queues from workflow.start_runs(p_requests) s;
  if pg_catalog.cardinality(v_queues) > 0 and pg_catalog.pg_notification_queue_usage() < 0.5 then
    commit;
    perform pg_catalog.set_config('synchronous_commit', 'off', true);
    perform pg_catalog.pg_notify('workflow_work', q) from pg_catalog.unnest(v_queues) q;
  end if;
end $$;
