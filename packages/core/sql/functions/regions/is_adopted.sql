-- Whether a group that is at home here may be written by others than its adoption: see adopted_group. For one group at a time.
create or replace function workflow.is_adopted(p_placement workflow.placement)
  returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  return exists (select from workflow.adopted_group(p_placement.placement_group));
end $$;
