-- The placement group that a tenant hashes to: <zone>/<first byte of sha256 of the tenant id>. It never changes.
-- Inlined: hot functions call it often; it names nothing that a search path could change. Stable, as convert_to is: declared immutable it would not be.
create or replace function workflow.hash_group_of(p_zone text, p_tenant text)
  returns text
  language sql stable parallel safe
as $$ select p_zone || '/' || get_byte(sha256(convert_to(p_tenant, 'UTF8')), 0) $$;
