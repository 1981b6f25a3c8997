-- May this region write what came with that schema version, a new table or the meaning of a new column? When every full member has said that its link from
-- here serves it (R14); before, a row would be skipped there in silence. One region alone: always.
create or replace function workflow.mesh_serves(p_version int)
  returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select not exists (
    select from workflow.mesh h
      join workflow.region_members m on m.state = 'full' and m.member_id <> workflow.own_member()
      left join workflow.mesh_links l on l.member_id = m.member_id
     where (l.peer_report -> 'links' -> workflow.own_member()::text ->> 'serves')::int is null
        or (l.peer_report -> 'links' -> workflow.own_member()::text ->> 'serves')::int < p_version
        or l.published_version is null or l.published_version < p_version)
$$;
