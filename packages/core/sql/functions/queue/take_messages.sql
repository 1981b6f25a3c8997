-- Takes up to p_limit visible messages of one pgmq queue, oldest first, and hides them until p_until. Messages that another claim is
-- taking are skipped, never waited for.
create or replace function workflow.take_messages(p_pgmq_queue text, p_now timestamptz, p_until timestamptz, p_limit int)
  returns workflow.message_ref[]
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
  set enable_sort = off
as $$
declare
  v_taken workflow.message_ref[];
begin
  execute format(
    'with waiting as materialized (
       select w.msg_id from pgmq.%1$I w where w.read_ct = 0 and w.vt <= $1 order by w.vt limit $3 for update skip locked
     ), taken as (
       update pgmq.%1$I q set vt = $2, read_ct = 1, last_read_at = $1
         from waiting w where q.msg_id = w.msg_id
       returning q.msg_id, q.message
     )
     select array_agg(row($4, t.msg_id, (t.message ->> ''run_id'')::uuid, t.message ->> ''step_slug'',
                          (t.message ->> ''task_index'')::int)::workflow.message_ref) from taken t', 'q_' || p_pgmq_queue)
    into v_taken
    using p_now, p_until, p_limit, p_pgmq_queue;
  return coalesce(v_taken, '{}');
end $$;
