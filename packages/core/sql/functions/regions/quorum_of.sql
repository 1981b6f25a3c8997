-- The quorum of rows of a zone, from the members that vote: their zones, and up to where each has confirmed the home's log; null where its confirmation
-- does not count, and for the home itself (R6). k = floor(N/2) of the N members must have it besides the home, so that it is known to somebody in every
-- majority that takes over. Rows of a residency zone go to its members only: N and k count those.
-- confirmed: the position that k of them have reached; null while fewer than k confirm anything, and where k is 0.
create or replace function workflow.quorum_of(p_zone text, p_zones text[], p_confirmed pg_lsn[], out needed int, out confirmed pg_lsn)
  language sql immutable
  set search_path = ''
as $$
  with voter as (
    select m.confirmed from unnest(p_zones, p_confirmed) m(zone, confirmed) where p_zone in ('global', m.zone)
  )
  select n.needed,
         case when n.needed > 0
              then (select v.confirmed from voter v where v.confirmed is not null order by v.confirmed desc offset greatest(n.needed, 1) - 1 limit 1) end
    from (select count(*)::int / 2 as needed from voter) n
$$;
