-- Who may call what. Nobody may write a table (but the queue health_probe): every write goes through a function of the owner's.
-- All may read, the view functions included. Run last, at every migration: what is not granted here is revoked.

revoke all on all tables    in schema workflow from public, workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
revoke all on all functions in schema workflow from public, workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
grant usage  on schema workflow to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
grant select on all tables in schema workflow to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;

-- every service
grant execute on function
  workflow.clock(),
  workflow.worker_is_gone(workflow.workflow_workers, timestamptz),
  workflow.open_run_counts(),
  workflow.read_queue_depths(),
  workflow.find_stuck_steps(),
  workflow.heartbeat(uuid, jsonb, bigint, bigint[]),
  workflow.register_worker(jsonb),
  workflow.deprecate_worker(uuid),
  workflow.stop_worker(uuid),
  workflow.record_failover_event(jsonb),
  workflow.finish_command(uuid, text, text)
to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;

-- whoever elects
grant execute on function
  workflow.acquire_lease(text, uuid, int),
  workflow.renew_lease(text, uuid, bigint, int),
  workflow.release_lease(text, uuid, bigint),
  workflow.fence_lease(text)
to workflow_scheduler, workflow_executor, workflow_monitor;

grant execute on function workflow.register_workflow(jsonb) to workflow_router, workflow_executor;

-- router
grant execute on function
  workflow.activate_definition(text, int),
  workflow.start_runs(jsonb),
  workflow.cancel_runs(uuid[], text),
  workflow.pause_run(uuid),
  workflow.resume_run(uuid),
  workflow.retry_run(uuid, text, text),
  workflow.delete_runs(uuid[]),
  workflow.create_schedule(jsonb),
  workflow.update_schedule(text, text, jsonb, bigint),
  workflow.delete_schedule(text, text),
  workflow.run_schedule_now(text, text, text),
  workflow.request_command(jsonb)
to workflow_router;

-- scheduler
grant execute on function
  workflow.start_due_runs(bigint, int),
  workflow.fail_overdue_runs(bigint, int),
  workflow.requeue_lost_tasks(bigint, int),
  workflow.rebuild_queue(bigint, uuid, int),
  workflow.advance_horizon(bigint, int),
  workflow.prune_runs(bigint, timestamptz, int),
  workflow.due_schedules(int),
  workflow.fire_schedules(bigint, jsonb)
to workflow_scheduler;

-- executor
grant execute on function
  workflow.start_tasks(uuid, text[], int, bigint, bigint[]),
  workflow.complete_tasks(uuid, json, int, bigint, bigint[]),
  workflow.fail_tasks(uuid, json),
  workflow.release_tasks(uuid, json),
  workflow.lead_group(uuid, int, int)
to workflow_executor;

-- failover-monitor
grant execute on function
  workflow.expire_workers(bigint, int),
  workflow.prune_workers(bigint, bigint, int),
  workflow.prune_failover_events(bigint, int),
  workflow.fence_leader(bigint, text, bigint, text, uuid),
  workflow.fail_back(bigint, text, text)
to workflow_monitor;

-- The probe queue is the one that services write themselves (health checks send, read and delete a message).
grant usage on schema pgmq to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
grant select on pgmq.meta  to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
do $$
begin
  if to_regclass('pgmq.q_health_probe') is not null then
    grant select, insert, update, delete on pgmq.q_health_probe to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
    grant usage on sequence pgmq.q_health_probe_msg_id_seq to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
  end if;
end $$;
