-- Lets go of messages that were held back (hold_messages), as far as other regions have confirmed the log. A position is read in a later transaction
-- than the one that held the message, so that it covers all that was written there; whoever has this duty next goes on with what stands in the table.
-- Where nobody else votes any more (the mesh has shrunk to this region) what is flushed here is all there is to wait for.
-- Leader only (lease scheduler). Limit: p_limit messages a call, of each zone; call again soon while it says that some wait.
-- Returns:  how many went to their queues, or were dropped; whether others wait; the queues that got work
-- Locks:    the messages (skip locked), and no run: whoever withdraws messages deletes them here before he does so in the queues
-- Errors:   WF302 lease_lost
create or replace function workflow.release_held_messages(p_token bigint, p_limit int)
  returns table (released int, waiting boolean, queues text[])
  language plpgsql volatile security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
declare
  v_quorum   record;
  v_let_go   record;
begin
  released := 0;
  queues := '{}';
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  if exists (select from workflow.held_messages) and workflow.lease_left_ms() is not null then
    -- Read in the statement that finds the message: what it sees has been committed, and flushed.
    update workflow.held_messages h
       set position = pg_current_wal_flush_lsn()
     where h.ctid = any (array(select x.ctid from workflow.held_messages x where x.position is null order by x.held_at limit p_limit for update skip locked));
    for v_quorum in
      select q.zone, case when q.needed = 0 then q.flushed else q.confirmed end as confirmed
        from workflow.quorum_positions() q where q.needed = 0 or q.confirmed is not null
    loop
      v_let_go := workflow.let_go_messages(v_quorum.zone, v_quorum.confirmed, p_limit);
      released := released + v_let_go.released;
      queues   := queues || v_let_go.queues;
    end loop;
  end if;
  waiting := exists (select from workflow.held_messages);
  return next;
end $$;
