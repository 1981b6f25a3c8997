// What one link applies in a second, and the CPU time of its apply worker for a row, with guards and without. Printed, never judged: what is judged is
// that everything has arrived. TEST_LONG=1 measures enough to believe it.
import { readFileSync } from 'node:fs';
import { testEnvironment } from '@singularity-workflow/testkit';
import { Servers } from './servers.js';

const TRANSACTIONS = testEnvironment().long ? 100 : 4;
const RUNS = 200;
const RUN_STEPS = 3;
const INSERTED_ROWS = TRANSACTIONS * RUNS * (1 + 2 * RUN_STEPS);
const UPDATED_ROWS = TRANSACTIONS * RUNS * 2 * RUN_STEPS;
const CLOCK_TICK_MS = 10;

const BUSY_SQL = `
create schema busy;
create table busy.run (nr int generated always as identity primary key, run_id uuid not null);
create procedure busy.start(p_transactions int, p_runs int, p_epoch bigint) language plpgsql as $$
declare
  v_runs uuid[];
begin
  for i in 1..p_transactions loop
    with run as (insert into busy.run (run_id) select uuidv7() from generate_series(1, p_runs) returning run_id) select array_agg(run_id) into v_runs from run;
    insert into workflow.workflow_runs (run_id, home_epoch, written_tick, tenant_id, placement_group, workflow, definition_id, status, remaining_leaves,
                                        total_steps, input, created_at, started_at, idempotency_key, request_hash)
    select run_id, p_epoch, 1, 't' || nr % 50, 'global/1', 'w', run_id, 'started', 3, 3, '{"a": 1}', now(), now(),
           case when nr % 4 = 0 then run_id::text end, case when nr % 4 = 0 then '\\x01'::bytea end
      from unnest(v_runs) with ordinality r(run_id, nr);
    insert into workflow.step_states (run_id, step_slug, home_epoch, written_tick, status, remaining_deps, initial_tasks, remaining_tasks, created_at, started_at)
    select run_id, 's' || s, p_epoch, 1, 'started', 0, 1, 1, now(), now() from unnest(v_runs) run_id, generate_series(1, ${RUN_STEPS}) s;
    insert into workflow.step_tasks (run_id, step_slug, task_index, home_epoch, written_tick, status, available_at, created_at)
    select run_id, 's' || s, 0, p_epoch, 1, 'queued', now(), now() from unnest(v_runs) run_id, generate_series(1, ${RUN_STEPS}) s;
    commit;
  end loop;
end $$;
create procedure busy.work(p_transactions int, p_runs int) language plpgsql as $$
declare
  v_runs uuid[];
begin
  for i in 1..p_transactions loop
    v_runs := array(select run_id from busy.run where nr > (i - 1) * p_runs and nr <= i * p_runs);
    update workflow.step_tasks set attempt = attempt + 1, revision = revision + 1 where run_id = any (v_runs);
    update workflow.step_states set output_bytes = output_bytes + 1, revision = revision + 1 where run_id = any (v_runs);
    commit;
  end loop;
end $$;`;

let servers: Servers;
beforeAll(async () => {
  servers = await Servers.start(2, { shared_buffers: '128MB', max_wal_size: '2GB' });
  await servers.mesh.databases[0]!.sql(BUSY_SQL);
}, 180_000);
afterAll(() => servers?.close());

/** Of a process of this machine, user and system together; null where there is no /proc. */
function cpuMs(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
  } catch {
    return null;
  }
}

/** Writes while the link is cut, heals it, and says how fast all of it was applied. */
async function apply(what: string, rows: number, call: string): Promise<void> {
  const [from, to] = servers.mesh.databases;
  const link = servers.links[0]!;
  await link.cut();
  await from!.sql(call);
  await link.heal();
  const began = performance.now();
  const cpu = new Map<number, number>();
  let isApplied = false;
  const watch = async () => {
    while (!isApplied) {
      for (const { pid } of await to!.sql<{ pid: number }>('select pid from pg_stat_subscription where pid is not null')) {
        const used = cpuMs(pid);
        if (used !== null) cpu.set(pid, used);
      }
      await to!.sql('select pg_sleep(0.02)');
    }
  };
  const watching = watch();
  await link.drain();
  isApplied = true;
  await watching;
  const ms = performance.now() - began;
  const usPerRow = ([...cpu.values()].reduce((sum, used) => sum + used, 0) * 1000) / rows;
  process.stdout.write(
    `${what}: ${rows} rows in ${Math.round(ms)} ms, ${Math.round((rows / ms) * 1000)} rows/s, ${usPerRow.toFixed(1)} us CPU a row\n`,
  );
}

const guards = (how: 'enable replica' | 'disable') =>
  servers.mesh.databases[1]!.sql(
    `do $$ declare r record; begin
       for r in select t.tgname, t.tgrelid::regclass as tab from pg_trigger t where t.tgname in ('guard_insert', 'guard_update', 'note_late') loop
         execute format('alter table %s ${how} trigger %I', r.tab, r.tgname);
       end loop;
     end $$`,
  );

const digests = (at: number) =>
  Promise.all(['workflow_runs', 'step_states', 'step_tasks'].map((table) => servers.mesh.databases[at]!.call('digest_table', [table])));

it('everything arrives, at a speed that is printed', async () => {
  await apply('guarded, inserts of the first tenure', INSERTED_ROWS, `call busy.start(${TRANSACTIONS}, ${RUNS}, 1)`);
  await apply('guarded, inserts of a later tenure', INSERTED_ROWS, `call busy.start(${TRANSACTIONS}, ${RUNS}, 3)`);
  await apply('guarded, updates', UPDATED_ROWS, `call busy.work(${TRANSACTIONS}, ${RUNS})`);
  await guards('disable');
  await apply('bare, inserts', INSERTED_ROWS, `call busy.start(${TRANSACTIONS}, ${RUNS}, 1)`);
  await apply('bare, updates', UPDATED_ROWS, `call busy.work(${TRANSACTIONS}, ${RUNS})`);
  await guards('enable replica');
  expect(await digests(1)).toEqual(await digests(0));
  expect(await servers.applyErrors()).toBe(0);
}, 900_000);
