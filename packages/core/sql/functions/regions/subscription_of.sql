-- The name of the subscription by which this database gets the rows of that member: both member ids are in it, so that a region that comes back under
-- an old name is somebody else. It is the name of the link's first slot, too, and what a trigger knows the sender by.
create or replace function workflow.subscription_of(p_member uuid)
  returns text
  language sql stable security definer
  set search_path = ''
as $$
  select 'sub_' || left(replace(workflow.own_member()::text, '-', ''), 12) || '_from_' || left(replace(p_member::text, '-', ''), 12)
$$;
