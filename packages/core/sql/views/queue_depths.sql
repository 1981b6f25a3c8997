-- What lies in every queue now (read_queue_depths).
create or replace view workflow.queue_depths as
  select * from workflow.read_queue_depths();
