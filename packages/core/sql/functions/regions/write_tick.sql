-- The ledger tick to stamp what this transaction writes with (R8): read after the transaction has its id, with a snapshot newer than that, so that
-- nothing is stamped with a tick that counts as closed. A lone region has no ledger: 0.
create or replace function workflow.write_tick()
  returns bigint
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  if not exists (select from workflow.mesh) then
    return 0;
  end if;
  perform pg_current_xact_id();
  return (select c.tick from workflow.stream_clock c);
end $$;
