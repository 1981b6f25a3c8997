-- Gives up moves that have not been proposed, or whose epoch has been decided otherwise: the groups go on here at once (R10). Their waiting messages
-- are in the queues still.
-- Leader only (lease failover-monitor). Durable. Returns how many were given up. Errors: WF302 lease_lost
create or replace function workflow.give_up_move(p_token bigint, p_groups text[], p_reason text default 'it was given up')
  returns int
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_count   int;
  v_targets text;
begin
  perform set_config('synchronous_commit', 'on', true);
  perform workflow.assert_lease('failover-monitor', p_token);
  with given_up as (
    delete from workflow.group_moves g
     using workflow.mesh m
     where g.placement_group = any (p_groups) and (g.proposed_epoch is null or g.proposed_epoch <= m.last_epoch)
    returning g.target
  )
  select count(*), string_agg(distinct u.target, ', ') into v_count, v_targets from given_up u;
  if v_count > 0 then
    perform workflow.note_region_event('moves_given_up', m.region,
      format('%s: %s', case v_count when 1 then '1 group stays' else v_count || ' groups stay' end, p_reason),
      jsonb_build_object('former', v_targets, 'successor', m.region)) from workflow.mesh m;
  end if;
  return v_count;
end $$;
