-- One digest for each run of a group with all that belongs to it, by run id: what two regions compare when digests of the group differ.
-- p_after: the last run of the call before (null: from the start). Limit: p_limit runs a call, at most batch_max; call again while it is reached.
-- Errors: WF002 batch_too_large
create or replace function workflow.digest_runs(p_group text, p_after uuid, p_limit int)
  returns table (run_id uuid, home_epoch bigint, revision bigint, digest text)
  language plpgsql stable security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_columns text[] := array(
    select (select string_agg(format('t.%I', c.column_name), ', ' order by c.column_name) from workflow.replicated_columns c where c.table_name = x.tab)
      from unnest('{workflow_runs,step_states,step_tasks,step_attempts}'::text[]) with ordinality as x(tab, at) order by x.at);
begin
  perform workflow.check_batch(p_limit, 'limit');
  return query execute format($query$
    with run as materialized (
      select t.run_id, t.residency, t.home_epoch, t.revision, hash_record_extended(row(%s), 0) as digest
        from workflow.workflow_runs t
       where t.placement_group = $1 and ($2 is null or t.run_id > $2)
       order by t.run_id
       limit $3
    )
    select r.run_id, r.home_epoch, r.revision,
           (r.digest
           # coalesce((select bit_xor(hash_record_extended(row(%s), 0)) from workflow.step_states t where t.run_id = r.run_id and t.residency = r.residency), 0)
           # coalesce((select bit_xor(hash_record_extended(row(%s), 0)) from workflow.step_tasks t where t.run_id = r.run_id and t.residency = r.residency), 0)
           # coalesce((select bit_xor(hash_record_extended(row(%s), 0)) from workflow.step_attempts t where t.run_id = r.run_id and t.residency = r.residency), 0))::text
      from run r order by r.run_id $query$, v_columns[1], v_columns[2], v_columns[3], v_columns[4])
    using p_group, p_after, p_limit;
end $$;
