-- The pgmq queue of a queue name and a priority (0 low, 1 normal, 2 high).
-- Inlined: hot statements call it for every row; it names nothing that a search path could change.
create or replace function workflow.pgmq_name(p_queue text, p_priority int)
  returns text
  language sql immutable parallel safe
as $$ select p_queue || '_p' || p_priority $$;
