-- The id of this database as a member of a mesh: the name of a region may come back as somebody else, an id never does.
create or replace function workflow.own_member()
  returns uuid
  language sql stable security definer
  set search_path = ''
as $$ select i.member_id from workflow.installation i $$;
