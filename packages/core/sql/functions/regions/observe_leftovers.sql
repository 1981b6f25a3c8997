-- What stands here of links with those who are no members any more, or were another member (this region included, after a resync): subscriptions, publications, and slots that keep the log.
-- needed: a subscription whose member was home of something that nobody's adoption has brought yet (link_is_needed): it stays.
-- In no mesh: nothing, whatever stands there.
create or replace function workflow.observe_leftovers()
  returns table (kind text, name text, needed boolean)
  language sql stable security definer
  set search_path = ''
as $$
  with self as (
    select workflow.own_member() as member_id, left(replace(workflow.own_member()::text, '-', ''), 12) as short
      from workflow.mesh
  ), peers as (
    select m.member_id, left(replace(m.member_id::text, '-', ''), 12) as short, m.state = 'gone' as gone
      from self i
      join workflow.region_members m on m.member_id <> i.member_id
  ), live as (
    select p.*
      from peers p
     where not p.gone
       and exists (select from workflow.region_members o where o.member_id = workflow.own_member() and o.state <> 'gone')
  )
  select 'subscription', s.subname::text,
         exists (select from peers p where p.gone and s.subname = workflow.subscription_of(p.member_id) and workflow.link_is_needed(p.member_id))
    from self i
    join pg_catalog.pg_subscription s on s.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
   where s.subname like 'sub\_%\_from\_%'
     and s.subname not in (select workflow.subscription_of(v.member_id) from live v)
  union all
  select 'publication', b.pubname::text, false
    from self i
   cross join pg_catalog.pg_publication b
   where b.pubname like 'pub\_to\_%'
     and b.pubname not in (select workflow.publication_to(v.member_id) from live v)
  union all
  select 'slot', x.slot_name::text, false
    from self i
    join pg_catalog.pg_replication_slots x on x.slot_type = 'logical' and not x.temporary and x.database = current_database()
   where x.slot_name like 'sub\_%\_from\_%'
     and (substr(x.slot_name, 23, 12) <> i.short or substr(x.slot_name, 5, 12) not in (select v.short from live v))
$$;
