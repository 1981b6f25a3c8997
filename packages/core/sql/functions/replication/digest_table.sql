-- Counts and digests of a replicated table's rows by placement group: equal on two regions that have the same rows, whatever the order of their
-- columns and of their rows. For region verify: what differs is looked at with digest_runs, and the home puts it into its stream again.
-- p_after, p_through: of a table with runs, the runs after the first and up to the second (null: from the start, to the end); a caller goes through
-- the history in pieces (run_id_floor of hours, say), and digests both regions over the same pieces.
-- Rows whose group is not known (definitions, outcomes; a step whose run is not here) count for ''. Only columns that travel count.
-- Cost: reads the piece. The ledger is left out: it changes every second. Errors: WF001 invalid_request (no such table)
create or replace function workflow.digest_table(p_table text, p_after uuid default null, p_through uuid default null)
  returns table (placement_group text, row_count bigint, digest text)
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_columns text := (select string_agg(format('t.%I', c.column_name), ', ' order by c.column_name)
                       from workflow.replicated_columns c where c.table_name = p_table);
  v_of_run  boolean;
  v_grouped boolean;
begin
  if v_columns is null or p_table = 'stream_ledger' then
    perform workflow.refuse('WF001', format('%s is no table whose rows are compared', p_table), 'table');
  end if;
  select bool_or(c.column_name = 'run_id') and p_table <> 'run_request_outcomes', bool_or(c.column_name = 'placement_group')
    into v_of_run, v_grouped from workflow.replicated_columns c where c.table_name = p_table;
  return query execute format(
    'select %s, count(*), bit_xor(hash_record_extended(row(%s), 0))::text from workflow.%I t %s where %s group by 1',
    case when v_grouped then 'coalesce(t.placement_group, '''')' when v_of_run then 'coalesce(r.placement_group, '''')' else '''''::text' end,
    v_columns, p_table,
    case when v_of_run and not v_grouped then 'left join workflow.workflow_runs r on r.run_id = t.run_id and r.residency = t.residency' else '' end,
    case when v_of_run then '($1 is null or t.run_id > $1) and ($2 is null or t.run_id <= $2)' else 'true' end)
    using p_after, p_through;
end $$;
