-- The run that a group's adoption does next, as an array of one; empty where the list is.
create or replace function workflow.first_to_adopt(p_group text)
  returns uuid[]
  language sql stable security definer
  set search_path = ''
as $$ select array(select w.run_id from workflow.adoption_work w where w.placement_group = p_group order by w.run_id limit 1) $$;
