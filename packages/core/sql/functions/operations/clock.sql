-- The one clock of the engine: this database's. Functions read it once into a variable; tests replace it to move time.
-- Inlined: hot functions call it often; it names nothing that a search path could change.
create or replace function workflow.clock()
  returns timestamptz
  language sql volatile parallel safe
as $$ select pg_catalog.clock_timestamp() $$;
