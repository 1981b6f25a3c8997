-- Takes up to p_limit visible messages off these queues, those of high priority first, then in the order of p_queues, oldest first, and answers the tasks
-- that they name. Messages that another claim is taking are skipped, never waited for. Queues that do not exist are empty. compile_queue has
-- the statement.
create or replace function workflow.take_messages(p_queues text[], p_now timestamptz, p_limit int)
  returns workflow.message_ref[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
declare
  v_known text[] := array(select q.name from workflow.queues q where q.name = any (p_queues) order by array_position(p_queues, q.name));
  v_taken workflow.message_ref[] := '{}';
  v_part  workflow.message_ref[];
  v_queue text;
begin
  if cardinality(v_known) = 1 then  -- one call for all priorities: as most workers have it, and their claims must be cheap
    execute format('select pgmq.%I(2, 0, $1, $2)', 'q_' || v_known[1] || '_take') into v_taken using p_now, p_limit;
    return v_taken;
  end if;
  for v_priority in reverse 2..0 loop
    foreach v_queue in array v_known loop
      if cardinality(v_taken) >= p_limit then
        return v_taken;
      end if;
      execute format('select pgmq.%I($1, $1, $2, $3)', 'q_' || v_queue || '_take') into v_part using v_priority, p_now, p_limit - cardinality(v_taken);
      v_taken := v_taken || v_part;
    end loop;
  end loop;
  return v_taken;
end $$;
