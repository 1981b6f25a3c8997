-- Every known process and whether it works, drains, fell silent or stopped, by this database's clock.
create or replace view workflow.worker_states as
  select w.*,
         case when w.stopped_at is not null then 'stopped'
              when workflow.worker_is_gone(w, workflow.clock()) then 'silent'
              when w.deprecated_at is not null then 'deprecated'
              else 'active' end as state
    from workflow.workflow_workers w;
