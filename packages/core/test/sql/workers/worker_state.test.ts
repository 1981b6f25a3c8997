import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());

async function statesAt(...shiftsMs: number[]): Promise<unknown[]> {
  const rows = await db.as('workflow_router').sql(
    `select workflow.worker_state(w, w.last_heartbeat_at + s.ms * interval '1 millisecond') as state
       from workflow.workflow_workers w, unnest($1::int[]) with ordinality s(ms, at) order by s.at`,
    [shiftsMs],
  );
  return rows.map(({ state }) => state);
}

it('of a worker goes by its heartbeats, and by the time that is asked about', async () => {
  await db.make.worker({ heartbeatTimeoutMs: 5_000 });
  expect(await statesAt(0, 5_000, 5_001)).toEqual(['active', 'active', 'silent']);
});

it('of one that drains is deprecated, of one that stopped is stopped, whatever the time', async () => {
  const worker = await db.make.worker({ heartbeatTimeoutMs: 5_000 });
  await db.call('deprecate_worker', [worker.id]);
  expect(await statesAt(0, 5_001)).toEqual(['deprecated', 'silent']);
  await db.call('stop_worker', [worker.id]);
  expect(await statesAt(0, 5_001)).toEqual(['stopped', 'stopped']);
});

it('calls a worker silent when worker_is_gone does', async () => {
  await db.make.worker({ heartbeatTimeoutMs: 5_000 });
  const rows = await db.as('workflow_monitor').sql(
    `select workflow.worker_is_gone(w, t.at) as gone, workflow.worker_state(w, t.at) as state
       from workflow.workflow_workers w, lateral (select w.last_heartbeat_at + s * interval '1 second' as at from generate_series(0, 10) s) t`,
  );
  expect(rows).toHaveLength(11);
  expect(rows.filter(({ gone, state }) => gone !== (state === 'silent'))).toEqual([]);
});

it('is what the view worker_states shows, of now', async () => {
  await db.make.worker({ heartbeatTimeoutMs: 5_000 });
  await db.clock.advance(5_001);
  expect(await db.sql('select state from workflow.worker_states')).toEqual([{ state: 'silent' }]);
});
