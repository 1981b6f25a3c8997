-- What the floor peer does in a statement, without the peer: a batch of steps ends, the batch that follows it begins. Each client has ids of its own.
-- Variables: round (a number, another in each round), batch (steps), before (0).
\set first (:round * 1000 + :client_id) * 100000000 + :before
\set last :first + :batch - 1
\set ended_first :first - :batch
\set ended_last :first - 1
with ended as (
  update floor.steps s set output = jsonb_build_object('run', s.run, 'step', s.step)
   where s.id between :ended_first::bigint and :ended_last::bigint
)
insert into floor.steps (id, run, step) select id, :before::int, 0 from generate_series(:first::bigint, :last::bigint) id;
\set before :before + :batch
