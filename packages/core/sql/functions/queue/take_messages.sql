-- Takes up to p_limit visible messages off one pgmq queue, oldest first, and answers the tasks that they name. Messages that another claim is
-- taking are skipped, never waited for. read_from says where to begin; compile_queue has the statement.
create or replace function workflow.take_messages(p_pgmq_queue text, p_now timestamptz, p_limit int)
  returns workflow.message_ref[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_began   timestamptz := clock_timestamp();
  v_from    timestamptz := workflow.read_from(p_pgmq_queue, p_now);
  v_taken   workflow.message_ref[];
  v_reached timestamptz;
begin
  execute format('select t.taken, t.reached from pgmq.%I($1, $2, $3) t', 'q_' || p_pgmq_queue || '_take')
    into v_taken, v_reached
    using v_from, p_now, p_limit;
  if v_from = '-infinity' then
    perform workflow.note_read_time(p_pgmq_queue, v_began, coalesce(cardinality(v_taken), 0),
                                    case when cardinality(v_taken) = p_limit then v_reached else p_now end, p_now);
  end if;
  return coalesce(v_taken, '{}');
end $$;
