-- A seal counts for its epoch only (D5). Learning the epoch ends it or, if a majority still suspects the member and it still holds a group, renews it for the
-- next, without ranks: those are of all groups that the member holds by then, so it counts again once finish_seal was called again. (This region's own suspicion
-- is not enough: it would seal anew after every epoch that ends a seal for want of others.) The link stays disabled
-- (unseal), and whose groups were taken must know that before it is enabled (D8). For the SQL of learning only.
create or replace function workflow.end_seals(p_epoch bigint, p_value jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  update workflow.region_seals s
     set deposed_epoch = p_epoch
   where p_value ->> 'kind' = 'takeover' and s.member_id = (p_value ->> 'from')::uuid;
  update workflow.region_seals s
     set ranks = null,
         epoch = case when exists (select from workflow.region_suspicions x where x.member_id = s.member_id and not x.granting)
                       and exists (select from workflow.lease_grants g where g.member_id = s.member_id and g.withheld)
                       and exists (select from workflow.placement p where p.member_id = s.member_id)
                      then p_epoch + 1 end
   where s.epoch <= p_epoch;
end $$;
