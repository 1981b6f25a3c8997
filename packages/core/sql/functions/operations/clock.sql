-- The one clock of the engine: this database's. Functions read it once into a variable; tests replace it to move time.
create or replace function workflow.clock()
  returns timestamptz
  language sql volatile parallel safe
  set search_path = ''
as $$ select pg_catalog.clock_timestamp() $$;
