-- How many messages of runs with durability quorum are held back (hold_messages), counted up to 100,000, and for how long the oldest has been.
create or replace function workflow.count_held_messages()
  returns table (messages int, oldest_seconds double precision)
  language sql stable security definer
  set search_path = ''
as $$
  select count(*)::int, coalesce(extract(epoch from workflow.clock() - min(h.held_at)), 0)::double precision
    from (select x.held_at from workflow.held_messages x limit 100000) h
$$;
