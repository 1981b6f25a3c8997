-- The tick that this region's writes are stamped with now (R8, D7): a member that joins has all that this region wrote before the answer when it has applied
-- a row of the ledger at or past it.
create or replace function workflow.current_tick()
  returns bigint
  language sql stable security definer
  set search_path = ''
as $$ select c.tick from workflow.stream_clock c $$;
