-- Whether a lease with this end, won on the server that was started then, is good at this time (D3): a server with another start has another clock.
-- A mesh of one holds its lease for ever.
-- Inlined: the check of homes asks it at every claim and report; it names nothing that a search path could change.
create or replace function workflow.is_live_lease(p_expires_at timestamptz, p_server_started_at timestamptz, p_now timestamptz)
  returns boolean
  language sql stable
as $$ select p_expires_at = 'infinity' or p_expires_at > p_now and p_server_started_at = pg_catalog.pg_postmaster_start_time() $$;
