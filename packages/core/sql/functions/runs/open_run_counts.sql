-- How many runs are open, by status: the sum of all changes, never a count over history.
create or replace function workflow.open_run_counts()
  returns table (status text, runs bigint)
  language sql stable security definer
  set search_path = ''
as $$
  select s.status, coalesce(sum(c.change), 0)
    from (values ('scheduled'), ('started'), ('paused')) s(status)
    left join workflow.open_run_changes c on c.status = s.status
   group by s.status
$$;
