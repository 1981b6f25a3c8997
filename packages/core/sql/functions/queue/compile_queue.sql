-- Makes the functions by which the pgmq queues of one queue are read and written: pgmq.q_<queue>_take and _waits for all its priorities, and for each of
-- them pgmq.q_<queue>_p<n>_send. Twice is once.
-- pgmq gives each priority a table of its own, so a statement that names it by a variable is planned anew at each call: 0.15 ms of a claim for each
-- priority, more than the claim itself. In a function of its own its plan is kept; and even the call of a function by a variable name is parsed and
-- planned each time, so one call reads all priorities. Called by the owner's functions only.
create or replace function workflow.compile_queue(p_queue text)
  returns void
  language plpgsql security definer
  set search_path = ''
as $make$
declare
  v_take    text := '';
  v_waits   text := '';
  v_pgmq    text;
begin
  for v_priority in reverse 2..0 loop
    v_pgmq  := workflow.pgmq_name(p_queue, v_priority);
    v_take  := v_take || format($block$
      if %3$s between p_lowest and p_highest and p_limit > cardinality(taken) then
        v_began := clock_timestamp();
        v_from  := workflow.read_from(%2$L, p_now);
        v_part  := null;
        if exists (select from pgmq.%1$I w where w.vt >= v_from and w.vt <= p_now) then
          with waiting as materialized (
            select w.ctid from pgmq.%1$I w where w.vt >= v_from and w.vt <= p_now order by w.vt limit p_limit - cardinality(taken) for update skip locked
          ), message as (
            delete from pgmq.%1$I q using waiting w where q.ctid = w.ctid returning q.message, q.vt
          )
          select array_agg(row((m.message ->> 'run_id')::uuid, m.message ->> 'step_slug', (m.message ->> 'task_index')::int)::workflow.message_ref), max(m.vt)
            into v_part, v_reached
            from message m;
          taken := taken || v_part;
        end if;
        if v_from = '-infinity' then
          perform workflow.note_read_time(%2$L, v_began, coalesce(cardinality(v_part), 0),
                                          case when cardinality(taken) = p_limit then v_reached else p_now end, p_now);
        end if;
      end if;$block$, 'q_' || v_pgmq, v_pgmq, v_priority);
    v_waits := v_waits || format($block$
      if %3$s > p_above and exists (select from pgmq.%1$I w where w.vt >= workflow.read_from(%2$L, p_now) and w.vt <= p_now) then
        return %3$s;
      end if;$block$, 'q_' || v_pgmq, v_pgmq, v_priority);
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
      end $$ $function$, 'q_' || v_pgmq || '_send', 'q_' || v_pgmq, v_pgmq);
    execute format('revoke all on function pgmq.%I from public', 'q_' || v_pgmq || '_send');
  end loop;

  execute format($function$
    create or replace function pgmq.%I(p_highest int, p_lowest int, p_now timestamptz, p_limit int, out taken workflow.message_ref[])
      language plpgsql
      set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_sort = off
    as $$
    declare
      v_began timestamptz; v_from timestamptz; v_part workflow.message_ref[]; v_reached timestamptz;
    begin
      taken := '{}';%s
    end $$ $function$, 'q_' || p_queue || '_take', v_take);
  execute format($function$
    create or replace function pgmq.%I(p_above int, p_now timestamptz)
      returns int language plpgsql stable
      set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off
    as $$
    begin%s
      return null;
    end $$ $function$, 'q_' || p_queue || '_waits', v_waits);
  execute format('revoke all on function pgmq.%I, pgmq.%I from public', 'q_' || p_queue || '_take', 'q_' || p_queue || '_waits');
end $make$;
