-- Takes up to p_limit visible messages off one pgmq queue, oldest first, and answers the tasks that they name. Messages that another claim is
-- taking are skipped, never waited for. read_from says where to begin.
create or replace function workflow.take_messages(p_pgmq_queue text, p_now timestamptz, p_limit int)
  returns workflow.message_ref[]
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
  set enable_sort = off
as $$
declare
  v_began timestamptz := clock_timestamp();
  v_from  timestamptz := workflow.read_from(p_pgmq_queue, p_now);
  v_last  timestamptz;
  v_taken workflow.message_ref[];
begin
  execute format(
    'with waiting as materialized (
       select w.ctid from pgmq.%1$I w where w.vt >= $1 and w.vt <= $2 order by w.vt limit $3 for update skip locked
     ), taken as (
       delete from pgmq.%1$I q using waiting w where q.ctid = w.ctid returning q.message, q.vt
     )
     select array_agg(row((t.message ->> ''run_id'')::uuid, t.message ->> ''step_slug'', (t.message ->> ''task_index'')::int)::workflow.message_ref),
            max(t.vt)
       from taken t', 'q_' || p_pgmq_queue)
    into v_taken, v_last
    using v_from, p_now, p_limit;
  if v_from = '-infinity' then
    perform workflow.note_read_time(p_pgmq_queue, v_began, coalesce(cardinality(v_taken), 0),
                                    case when cardinality(v_taken) = p_limit then v_last else p_now end, p_now);
  end if;
  return coalesce(v_taken, '{}');
end $$;
