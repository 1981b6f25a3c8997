-- Who may call what. Nobody may write a table (but the queue health_probe): every write goes through a function of the owner's.
-- All may read, the view functions included. Run last, at every migration: what is not granted here is revoked.

revoke all on all tables    in schema workflow from public, workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
revoke all on all routines  in schema workflow from public, workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
grant usage  on schema workflow to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
grant select on all tables in schema workflow to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;
-- What is written through is the functions' business: its condition may only be asked by the owner.
revoke select on workflow.lawful_runs, workflow.lawful_steps, workflow.lawful_tasks
  from workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;

-- every service
grant execute on function
  workflow.clock(),
  workflow.worker_is_gone(workflow.workflow_workers, timestamptz),
  workflow.worker_state(workflow.workflow_workers, timestamptz),
  workflow.replication_peers(),
  workflow.open_run_counts(),
  workflow.read_queue_depths(),
  workflow.count_held_messages(),
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
grant execute on procedure workflow.submit_runs(jsonb, json) to workflow_router;

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
  workflow.request_command(jsonb),
  workflow.add_api_key(jsonb),
  workflow.revoke_api_key(uuid)
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

-- the decision plane of several regions: the failover-monitor in its own database
grant execute on function
  workflow.found_mesh(bigint, text, jsonb),
  workflow.join_mesh(bigint, text, jsonb),
  workflow.renew_member(bigint),
  workflow.next_ballot(bigint, bigint, bigint),
  workflow.begin_round(bigint, int),
  workflow.settle_lease(bigint, bigint, jsonb),
  workflow.clear_lease(bigint, text),
  workflow.suspect(bigint, jsonb),
  workflow.begin_seal(bigint, uuid, bigint, bigint, text),
  workflow.end_link_worker(bigint, uuid, boolean),
  workflow.finish_seal(bigint, uuid, bigint),
  workflow.unseal(bigint, uuid, bigint),
  workflow.finish_region_command(bigint, uuid, text, text),
  workflow.observe_wishes(bigint)
to workflow_monitor;
grant execute on function workflow.request_region_command(jsonb) to workflow_router;
grant execute on function workflow.own_member(), workflow.lease_left_ms(), workflow.home_of(text[]) to workflow_router, workflow_scheduler, workflow_executor, workflow_monitor;

-- the groups that are at home here
grant execute on function
  workflow.advance_tick(bigint),
  workflow.close_ticks(bigint),
  workflow.note_replicated(bigint),
  workflow.find_runs_to_adopt(bigint, int),
  workflow.adopt_chunk(bigint, int),
  workflow.begin_move(bigint, text[], text, int, text),
  workflow.observe_moves(),
  workflow.stop_move(bigint, text[]),
  workflow.note_proposed_move(bigint, bigint, text[]),
  workflow.give_up_move(bigint, text[], text),
  workflow.throttle_claims(bigint, bigint),
  workflow.groups_to_return(uuid[], boolean),
  workflow.tenants_to_split(text[])
to workflow_monitor;
grant execute on function workflow.quorum_positions(), workflow.still_at_home(text[], bigint[]) to workflow_router, workflow_scheduler, workflow_executor;
grant execute on function workflow.release_held_messages(bigint, int) to workflow_scheduler;
grant execute on function workflow.unconfirmed_runs(uuid[]) to workflow_router;
grant execute on function workflow.why_not_home(text) to workflow_router, workflow_monitor;
grant execute on function workflow.request_runs(jsonb, uuid), workflow.read_run_request(uuid) to workflow_router;
grant execute on function workflow.start_requested_runs(bigint, int), workflow.prune_run_requests(bigint, timestamptz, int) to workflow_scheduler;
grant execute on function workflow.prune_replication(bigint, timestamptz, int) to workflow_scheduler;

-- what a failover-monitor may call in every region, its own included; as region_peer nothing else
revoke all on all tables    in schema workflow from region_peer;
revoke all on all routines  in schema workflow from region_peer;
grant usage on schema workflow to region_peer;
grant execute on function
  workflow.topology_since(bigint),
  workflow.learn_topology(jsonb, jsonb),
  workflow.prepare(jsonb, bigint, bigint),
  workflow.accept(jsonb, bigint, bigint, jsonb),
  workflow.grant_lease(jsonb, bigint, bigint, jsonb),
  workflow.suspicions(jsonb, bigint),
  workflow.barrier(jsonb, bigint, pg_lsn)
to region_peer, workflow_monitor;
-- whoever compares regions
grant execute on function workflow.digest_table(text, uuid, uuid), workflow.digest_runs(text, uuid, int) to region_peer, workflow_monitor;

-- the reconciler of the mesh, in the failover-monitor
grant execute on function
  workflow.note_peer(bigint, uuid, jsonb),
  workflow.publish_to(bigint, uuid, int),
  workflow.unpublish(bigint, text),
  workflow.make_link(bigint, uuid, jsonb),
  workflow.readdress_link(bigint, uuid, jsonb),
  workflow.drop_link(bigint, text, boolean, text),
  workflow.note_copied(bigint, uuid, pg_lsn),
  workflow.note_whole(bigint, uuid, text, pg_lsn),
  workflow.note_standby_slots(bigint, text, text, text),
  workflow.observe_standbys(),
  workflow.peer_slots(),
  workflow.observe_links(),
  workflow.observe_leftovers(),
  workflow.verify_residency(),
  workflow.subscription_of(uuid)
to workflow_monitor;
grant execute on function workflow.peer_slots() to workflow_router, workflow_executor, workflow_scheduler;

-- what other regions' subscriptions connect as: it streams, copies tables, and asks what there is for it
revoke all on all tables    in schema workflow from region_replicator;
revoke all on all routines  in schema workflow from region_replicator;
grant usage on schema workflow to region_replicator;
grant select on workflow.workflow_definitions, workflow.workflow_runs, workflow.step_states, workflow.step_tasks, workflow.step_attempts,
  workflow.run_deletions, workflow.workflow_schedules, workflow.group_adoptions, workflow.stream_ledger, workflow.run_requests,
  workflow.run_request_outcomes
to region_replicator;
grant execute on function workflow.offer_to(uuid) to region_replicator;

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
