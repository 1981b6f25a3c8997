-- The name of the publication from which that member takes rows: one per destination, for what it may see differs (R13).
create or replace function workflow.publication_to(p_member uuid)
  returns text
  language sql immutable
  set search_path = ''
as $$ select 'pub_to_' || left(replace(p_member::text, '-', ''), 12) $$;
