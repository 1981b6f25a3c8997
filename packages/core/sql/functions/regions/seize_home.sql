-- Waits until no transaction writes on the strength of a home that it has checked (share_home), and keeps new ones waiting to the end of this one:
-- for whoever takes a group from this region, or stops it for a move. A database without a mesh has no lock to share; there the table that assert_home
-- found empty is locked instead, so that a mesh is founded between the writes, not under one.
-- Errors:  55P03 lock_not_available after 2 s: a stalled writer must not stop all others. Try again.
create or replace function workflow.seize_home()
  returns void
  language plpgsql volatile security definer
  set search_path = ''
  set lock_timeout = '2s'
as $$
begin
  perform pg_advisory_xact_lock(7, 1);
  if not exists (select from workflow.mesh) then
    lock table workflow.mesh in access exclusive mode;
  end if;
end $$;
