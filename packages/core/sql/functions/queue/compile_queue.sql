-- Makes the three functions by which one pgmq queue is read and written: pgmq.q_<queue>_take, _waits and _send. Twice is once.
-- pgmq gives each queue a table of its own, so a statement that names it by a variable is planned anew at each call: 0.15 ms of a claim for each
-- priority, more than the claim itself. In a function of its own its plan is kept. Called by the owner's functions only.
create or replace function workflow.compile_queue(p_pgmq_queue text)
  returns void
  language plpgsql security definer
  set search_path = ''
as $make$
begin
  execute format($function$
    create or replace function pgmq.%1$I(p_from timestamptz, p_now timestamptz, p_limit int, out taken workflow.message_ref[], out reached timestamptz)
      language plpgsql
      set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_sort = off
    as $$
    begin
      if not exists (select from pgmq.%2$I w where w.vt >= p_from and w.vt <= p_now) then
        return;
      end if;
      with waiting as materialized (
        select w.ctid from pgmq.%2$I w where w.vt >= p_from and w.vt <= p_now order by w.vt limit p_limit for update skip locked
      ), message as (
        delete from pgmq.%2$I q using waiting w where q.ctid = w.ctid returning q.message, q.vt
      )
      select array_agg(row((m.message ->> 'run_id')::uuid, m.message ->> 'step_slug', (m.message ->> 'task_index')::int)::workflow.message_ref), max(m.vt)
        into taken, reached
        from message m;
    end $$ $function$, 'q_' || p_pgmq_queue || '_take', 'q_' || p_pgmq_queue);

  execute format($function$
    create or replace function pgmq.%1$I(p_from timestamptz, p_now timestamptz)
      returns boolean language plpgsql stable
      set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off
    as $$
    begin
      return exists (select from pgmq.%2$I w where w.vt >= p_from and w.vt <= p_now);
    end $$ $function$, 'q_' || p_pgmq_queue || '_waits', 'q_' || p_pgmq_queue);

  execute format($function$
    create or replace function pgmq.%1$I(p_messages workflow.outgoing_message[])
      returns void language plpgsql
      set search_path = '' set plan_cache_mode = force_generic_plan
    as $$
    begin
      insert into pgmq.%2$I (vt, message)
      select m.visible_at, jsonb_build_object('run_id', m.run_id, 'step_slug', m.step_slug, 'task_index', m.task_index)
        from unnest(p_messages) m
       where m.queue = %3$L;
    end $$ $function$, 'q_' || p_pgmq_queue || '_send', 'q_' || p_pgmq_queue, p_pgmq_queue);

  execute format('revoke all on function pgmq.%I, pgmq.%I, pgmq.%I from public',
                 'q_' || p_pgmq_queue || '_take', 'q_' || p_pgmq_queue || '_waits', 'q_' || p_pgmq_queue || '_send');
end $make$;
