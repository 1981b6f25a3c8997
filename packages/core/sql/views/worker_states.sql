-- Every known process and whether it works, drains, fell silent or stopped, by this database's clock.
create or replace view workflow.worker_states as
  select w.*, workflow.worker_state(w, workflow.clock()) as state
    from workflow.workflow_workers w;
