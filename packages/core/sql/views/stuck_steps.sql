-- Work that nobody alive can do (find_stuck_steps), whatever its priority.
create or replace view workflow.stuck_steps as
  select s.workflow, s.step_slug, s.queue, sum(s.tasks)::bigint as tasks
    from workflow.find_stuck_steps() s
   group by s.workflow, s.step_slug, s.queue;
