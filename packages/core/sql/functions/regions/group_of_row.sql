-- The placement group of a row: its tenant's own group where the registry gives it one (R4), else the hash group that the row carries.
-- Inlined: adoption asks it for every row that it looks at; it names nothing that a search path could change.
create or replace function workflow.group_of_row(p_tenant text, p_hash_group text)
  returns text
  language sql stable
as $$ select coalesce((select t.own_group from workflow.tenant_registry t where t.tenant_id = p_tenant), p_hash_group) $$;
