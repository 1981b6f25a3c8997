-- One at a time of those that decide versions, register a definition, or take one that arrives from another region, to the end of the transaction:
-- what is decided before its definition is here, and what is here before it is decided, is shown by whoever comes second.
create or replace function workflow.lock_versions()
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('workflow.versions', 0));
end $$;
