-- Whether there is another region that could confirm rows of this zone (R11): its members that vote are two or more.
create or replace function workflow.has_quorum(p_zone text)
  returns boolean
  language sql stable
  set search_path = ''
as $$
  select count(*) >= 2 from workflow.region_members m where m.state in ('full', 'retiring', 'copying') and p_zone in ('global', m.zone)
$$;
