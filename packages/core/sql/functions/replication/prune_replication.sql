-- Removes what guarded apply kept before a time: conflicts (and those beyond the newest replication_conflicts_max), tombstones of runs that lost their
-- key, and rows of runs that are not here any more (they came late for a run that was pruned). Oldest first. Each region for itself.
-- Deletions stay: one that is forgotten would let its run come back.
-- A tombstone that is gone lets late rows of its run in again, to be judged anew: keep them as long as runs.
-- Leader only (lease scheduler). Limit: p_limit rows of each kind a call; call again while it is reached. Returns the most of a kind.
-- Errors: WF302 lease_lost, WF002 batch_too_large
create or replace function workflow.prune_replication(p_token bigint, p_before timestamptz, p_limit int)
  returns int
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
  set enable_sort = off
as $$
declare
  v_floor uuid   := workflow.run_id_floor(p_before);
  v_many  bigint := workflow.limit_of('replication_conflicts_max');
  v_table text;
  v_rows  int;
  v_most  int;
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  if not exists (select from workflow.mesh) then
    return 0;
  end if;
  delete from workflow.replication_conflicts c
   where c.conflict_id in (select x.conflict_id
                             from workflow.replication_conflicts x
                            where x.at < p_before or x.conflict_id <= (select max(n.conflict_id) from workflow.replication_conflicts n) - v_many
                            order by x.conflict_id
                            limit p_limit);
  get diagnostics v_most = row_count;
  delete from workflow.lost_runs l
   where (l.run_id, l.residency) in (select x.run_id, x.residency from workflow.lost_runs x where x.lost_at < p_before order by x.run_id limit p_limit);
  get diagnostics v_rows = row_count;
  v_most := greatest(v_most, v_rows);
  if exists (select from pg_catalog.pg_subscription_rel t where t.srsubstate <> 'r') then  -- a copy may bring children before their runs
    return v_most;
  end if;
  foreach v_table in array array['step_attempts', 'step_tasks', 'step_states'] loop
    execute format('delete from workflow.%1$I t
                     where t.ctid = any (array(select x.ctid from workflow.%1$I x
                                                where x.run_id < $1 and not exists (select from workflow.workflow_runs r where r.run_id = x.run_id and r.residency = x.residency)
                                                limit $2))', v_table) using v_floor, p_limit;
    get diagnostics v_rows = row_count;
    v_most := greatest(v_most, v_rows);
  end loop;
  return v_most;
end $$;
