-- How many of the members that vote (full, retiring, copying) are a majority.
create or replace function workflow.majority_of_members()
  returns int
  language sql stable
  set search_path = ''
as $$ select (count(*) / 2 + 1)::int from workflow.region_members m where m.state in ('full', 'retiring', 'copying') $$;
