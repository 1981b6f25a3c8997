-- Takes one decided entry into the log and does what it says. A pure function of the log so far: every member ends with the same tables.
-- For the SQL of learning only; its caller holds the mesh's row for itself.
-- Returns: false: the entry is of a version or a kind that this code does not know; nothing was changed
create or replace function workflow.learn_entry(p_epoch bigint, p_value jsonb, p_decided_at timestamptz)
  returns boolean
  language plpgsql
  set search_path = ''
as $$
declare
  v_kind text := p_value ->> 'kind';
begin
  if p_value ->> 'version' is distinct from '1' or v_kind not in ('found', 'takeover', 'move', 'member', 'register', 'catalog', 'nothing')
     or v_kind = 'catalog' and exists (select from jsonb_array_elements(p_value -> 'items') i
                                        where coalesce(i ->> 'item', '') not in ('version', 'activate', 'key', 'revoke')) then
    return false;
  end if;
  insert into workflow.topology (epoch, value, decided_at, learned_at) values (p_epoch, p_value, p_decided_at, workflow.clock());
  update workflow.mesh set last_epoch = p_epoch;
  delete from workflow.ballots b where b.epoch <= p_epoch;

  case v_kind
    when 'found'    then perform workflow.apply_found(p_epoch, p_value);
    when 'takeover' then perform workflow.place_groups(p_epoch, p_value);
                         perform workflow.begin_new_mesh(p_epoch, p_value);
    when 'move'     then perform workflow.place_groups(p_epoch, p_value);
    when 'member'   then perform workflow.change_member(p_epoch, p_value);
    when 'register' then perform workflow.register_tenants(p_epoch, p_value);
    when 'catalog'  then perform workflow.learn_catalog(p_epoch, p_value, p_decided_at);
    else null;
  end case;

  delete from workflow.group_moves g
   using workflow.placement p
   where p.placement_group = g.placement_group and p.tenure <> g.tenure;
  perform workflow.end_seals(p_epoch, p_value);
  return true;
end $$;
