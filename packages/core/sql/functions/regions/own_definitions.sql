-- Makes this region's own copies of definitions that it has from others (R1): a home inserts one before the first run of it that it starts or adopts, so
-- that whoever has the run, from whatever stream, has its definition too. Each copy is its writer's alone; it has no tenure.
-- What follows from a definition (steps, queues) is local, and is made here where it is not there yet.
create or replace function workflow.own_definitions(p_definition_ids uuid[], p_tick bigint)
  returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_own uuid := workflow.own_member();
  v_new record;
begin
  insert into workflow.workflow_definitions (definition_id, writer, residency, slug, definition, home_epoch, written_tick, created_at)
    select distinct on (d.definition_id) d.definition_id, v_own, d.residency, d.slug, d.definition, 1, p_tick, d.created_at
      from workflow.workflow_definitions d
     where d.definition_id = any (p_definition_ids)
       and not exists (select from workflow.workflow_definitions o where o.definition_id = d.definition_id and o.writer = v_own)
     order by d.definition_id, d.created_at
    on conflict do nothing;
  for v_new in
    select d.definition_id, d.definition
      from workflow.workflow_definitions d
     where d.definition_id = any (p_definition_ids) and d.writer = v_own
       and not exists (select from workflow.workflow_steps s where s.definition_id = d.definition_id)
  loop
    perform workflow.derive_steps(v_new.definition_id, v_new.definition);
    perform workflow.level_steps(v_new.definition_id);
  end loop;
  perform workflow.ensure_queue(q.queue)
     from (select distinct s.queue from workflow.workflow_steps s where s.definition_id = any (p_definition_ids)) q;
end $$;
