-- The level of each node of a graph, by its longest way from a root (0); null for those on a cycle or behind one.
-- Nodes are numbered from 1; edge n says that node p_dependent[n] waits for node p_dependency[n]. Each edge is looked at once.
create or replace function workflow.levels_of(p_nodes int, p_dependent int[], p_dependency int[])
  returns int[]
  language plpgsql immutable
  set search_path = ''
as $$
declare
  v_dependents int[];  -- those that wait for node 1, then those that wait for node 2, ...
  v_first      int[];  -- where those of each node begin
  v_waits      int[];  -- how many others a node still waits for
  v_free       int[];  -- those that wait for nobody (any more)
  v_level      int[];
  v_at         int := 0;
  v_node       int;
  v_next       int;
begin
  with node as (
    select i as at from generate_series(1, p_nodes) i
  ), edge as (
    select e.dependent, e.dependency from unnest(p_dependent, p_dependency) e(dependent, dependency)
  )
  select array(select e.dependent from edge e order by e.dependency),
         array(select count(e.dependency)::int from node n left join edge e on e.dependent = n.at group by n.at order by n.at),
         array(select (1 + sum(count(e.dependent)) over (order by n.at) - count(e.dependent))::int
                 from node n left join edge e on e.dependency = n.at group by n.at order by n.at)
    into v_dependents, v_waits, v_first;
  v_free  := array(select i from generate_subscripts(v_waits, 1) i where v_waits[i] = 0);
  v_level := array(select 0 from generate_series(1, p_nodes));

  while v_at < cardinality(v_free) loop
    v_at   := v_at + 1;
    v_node := v_free[v_at];
    for v_edge in v_first[v_node] .. coalesce(v_first[v_node + 1], cardinality(v_dependents) + 1) - 1 loop
      v_next := v_dependents[v_edge];
      v_waits[v_next] := v_waits[v_next] - 1;
      v_level[v_next] := greatest(v_level[v_next], v_level[v_node] + 1);
      if v_waits[v_next] = 0 then
        v_free := v_free || v_next;
      end if;
    end loop;
  end loop;
  return array(select case when v_waits[i] = 0 then v_level[i] end from generate_series(1, p_nodes) i);
end $$;
