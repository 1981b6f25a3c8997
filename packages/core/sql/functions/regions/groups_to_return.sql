-- To whom groups that are at home here go back (D8): the one rule. Read along its history a group belongs to whoever had it first. A takeover adds its winner,
-- who has it until one before is back; a fallback region of its tenant to which the winner handed it on stands in the winner's place. A planned move to one
-- of these is its return: who had it after that one is forgotten. Any other makes the new home the first: what was given away by a plan, stays.
-- So what A lost to B, and B to C, is A's, and B's while A is away. A planned move to B then is no other than B's return: A gets it when it is back.
-- p_members: who could have it now; of several the one that had it first
-- p_planned: else the one that gave it away by a plan, and has not got it back since: for operators who ask
-- Returns:   groups that go, by name; the log is read whole for those that changed their home at all
create or replace function workflow.groups_to_return(p_members uuid[], p_planned boolean)
  returns table (placement_group text, member_id uuid)
  language plpgsql stable security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_step  record;
  v_chain uuid[];
  v_giver uuid;  -- who gave it by a plan to the first of the chain, and has not got it back
begin
  for v_step in
    with moved as materialized (
      select h.placement_group, h.tenure, h.member_id, h.region, p.tenure = h.tenure as is_last
        from workflow.placement p
        join workflow.placement_history h on h.placement_group = p.placement_group
       where p.member_id = workflow.own_member()
         and exists (select from workflow.placement_history f where f.placement_group = p.placement_group and f.tenure < p.tenure)
    ), taken as materialized (
      select t.epoch from workflow.topology t where t.epoch in (select m.tenure from moved m) and t.value ->> 'kind' = 'takeover'
    )
    select m.placement_group, m.member_id, m.is_last,
           m.tenure in (select k.epoch from taken k) as by_takeover,
           lag(m.tenure) over w in (select k.epoch from taken k)
           and exists (select from workflow.tenant_registry r where r.own_group = m.placement_group and m.region = any (r.fallback_regions)) as by_fallback,
           lag(m.member_id) over w as before
      from moved m
    window w as (partition by m.placement_group order by m.tenure)
     order by m.placement_group, m.tenure
  loop
    if v_step.before is null then
      v_chain := array[v_step.member_id];
      v_giver := null;
    elsif v_step.member_id = any (v_chain) then
      v_chain := v_chain[:array_position(v_chain, v_step.member_id)];
    elsif v_step.by_takeover then
      v_chain := v_chain || v_step.member_id;
    elsif v_step.by_fallback then
      v_chain := v_chain[:greatest(cardinality(v_chain) - 1, 1)] || v_step.member_id;
    else
      v_chain := array[v_step.member_id];
      v_giver := case when v_step.member_id is distinct from v_giver then v_step.before end;
    end if;
    continue when not v_step.is_last;
    placement_group := v_step.placement_group;
    member_id := coalesce((select c.id from unnest(trim_array(v_chain, 1)) with ordinality c(id, place)
                            where c.id = any (p_members) order by c.place limit 1),
                          case when p_planned and v_giver = any (p_members) then v_giver end);
    if member_id is not null then
      return next;
    end if;
  end loop;
end $$;
