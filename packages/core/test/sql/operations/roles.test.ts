// Who may do what, by the table of the layout document: written here a second time, on purpose.
import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';
import { allowed, services } from './who-may-call.js';

const db = useTestDatabase();
interface Fn {
  oid: number;
  name: string;
  definer: boolean;
  owner: string;
  settings: string[] | null;
  kind: string;
}
const functions = () =>
  db.sql<Fn>(`
    select p.oid::int, p.proname as name, p.prosecdef as definer, r.rolname as owner, p.proconfig as settings, p.prokind::text as kind
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner
     where n.nspname = 'workflow'`);
const tables = () =>
  db.sql<{ name: string }>(`
    select format('%I.%I', n.nspname, c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('workflow', 'pgmq') and c.relkind in ('r', 'p')`);

/** With a SET clause it could not commit; it runs with its caller's rights and names everything in full. */
const COMMITS = new Set(['submit_runs']);

describe('roles', () => {
  it.each(services)('%s may execute exactly its functions', async (role) => {
    const granted = await db.sql<{ name: string }>(
      `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'workflow' and has_function_privilege($1, p.oid, 'execute')`,
      [role],
    );
    const expected = Object.entries(allowed).filter(([, roles]) => roles.has(role));
    expect([...new Set(granted.map(({ name }) => name))].toSorted()).toEqual(expected.map(([name]) => name).toSorted());
  });

  it.each(services)('%s may write no table, but the queue of the health probe', async (role) => {
    const writable = await db.sql<{ name: string }>(
      `select t.name from unnest($2::text[]) t(name)
        where has_table_privilege($1, t.name, 'insert') or has_table_privilege($1, t.name, 'update')
           or has_table_privilege($1, t.name, 'delete') or has_table_privilege($1, t.name, 'truncate')`,
      [role, (await tables()).map(({ name }) => name)],
    );
    expect(writable.map(({ name }) => name).filter((name) => name !== 'pgmq.q_health_probe')).toEqual([]);
  });

  it.each(services)('%s may read every table and view of the engine, but those that are for writing', async (role) => {
    const unreadable = await db.sql<{ relname: string }>(
      `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'workflow' and c.relkind in ('r', 'v') and not has_table_privilege($1, c.oid, 'select')`,
      [role],
    );
    expect(unreadable.map(({ relname }) => relname).toSorted()).toEqual(['lawful_runs', 'lawful_steps', 'lawful_tasks']);
    for (const view of ['queue_depths', 'run_events', 'worker_states', 'stuck_steps']) {
      await expect(db.as(role).sql(`select * from workflow.${view} limit 1`)).resolves.toBeDefined();
    }
  });

  it.each(services)('%s may not create anything in the schema', async (role) => {
    await expect(db.as(role).sql('create table workflow.mine ()')).rejects.toMatchObject({ code: '42501' });
    await expect(db.as(role).sql('create function workflow.mine() returns int language sql as $$ select 1 $$')).rejects.toMatchObject({
      code: '42501',
    });
  });

  it.each(services)('%s may not become the owner', async (role) => {
    expect(await db.sql(`select pg_has_role($1, 'workflow_owner', 'member') as member`, [role])).toEqual([{ member: false }]);
  });

  it('region_peer may execute the decision plane and nothing else, and read nothing', async () => {
    const granted = await db.sql<{ name: string }>(
      `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'workflow' and has_function_privilege('region_peer', p.oid, 'execute') order by 1`,
    );
    const plane = [
      'accept',
      'barrier',
      'digest_runs',
      'digest_table',
      'grant_lease',
      'learn_topology',
      'prepare',
      'suspicions',
      'topology_since',
    ];
    expect(granted.map(({ name }) => name)).toEqual(plane);
    const readable = await db.sql<{ name: string }>(
      `select t.name from unnest($1::text[]) t(name) where has_table_privilege('region_peer', t.name, 'select, insert, update, delete, truncate')`,
      [(await tables()).map(({ name }) => name)],
    );
    expect(readable).toEqual([]);
  });

  it('every function belongs to an owner that is no superuser and logs in nowhere', async () => {
    expect([...new Set((await functions()).map(({ owner }) => owner))]).toEqual(['workflow_owner']);
    // Where regions are linked it owns the subscriptions, whose workers need a role that may log in: then with no connection at all, and no password.
    const nowhere = 'not rolcanlogin or rolconnlimit = 0 and rolpassword is null';
    expect(
      await db.sql(`select rolsuper, ${nowhere} as nowhere, rolcreaterole, rolcreatedb from pg_authid where rolname = 'workflow_owner'`),
    ).toEqual([{ rolsuper: false, nowhere: true, rolcreaterole: false, rolcreatedb: false }]);
  });

  it('everything that a service calls runs with the rights of the owner, or needs none', async () => {
    const callable = (await functions()).filter(({ name }) => name in allowed);
    expect(
      callable.filter(
        ({ definer, name }) =>
          !definer && !['clock', 'worker_is_gone', 'worker_state', 'group_of_row'].includes(name) && !COMMITS.has(name),
      ),
    ).toEqual([]);
  });

  it('every public function is in the table above and exists', async () => {
    const names = new Set((await functions()).map(({ name }) => name));
    expect(Object.keys(allowed).filter((name) => !names.has(name))).toEqual([]);
  });

  it('a run goes through its whole life with every service in its own role', async () => {
    const router = db.as('workflow_router');
    const executor = db.as('workflow_executor');
    const scheduler = db.as('workflow_scheduler');
    await router.call('register_workflow', [
      JSON.stringify({
        slug: 'w',
        steps: [
          { slug: 'a', queue: 'own_role' },
          { slug: 'b', depends_on: ['a'] },
        ],
      }),
    ]);
    const [{ run_id }] = (await router.call<{ run_id: string }>('start_runs', [
      JSON.stringify([{ tenant_id: 'acme', workflow: 'w', run_at: new Date(Date.now() + 60_000).toISOString() }]),
    ])) as [{ run_id: string }];
    await db.clock.advance(120_000);
    const [{ token }] = (await scheduler.call<{ token: number }>('acquire_lease', ['scheduler', randomUUID(), 600_000])) as [
      { token: number },
    ];
    await scheduler.call('start_due_runs', [token, 10]);
    const worker = (await db.make.worker({ queues: ['own_role', 'default'] })).using(executor);
    for (const queues of [['own_role'], ['default']]) await worker.complete(await worker.claimOne({ queues }), 1);
    expect(await router.sql('select status from workflow.workflow_runs where run_id = $1', [run_id])).toEqual([{ status: 'completed' }]);
    for (const [fn, rest] of [
      ['requeue_lost_tasks', [10]],
      ['rebuild_queue', [null, 10]],
      ['advance_horizon', [10]],
      ['prune_runs', [new Date(), 10]],
    ] as const) {
      await expect(scheduler.call(fn, [token, ...rest])).resolves.toBeDefined();
    }
    await expect(router.call('delete_runs', [[run_id]])).resolves.toMatchObject([{ verdict: 'deleted' }]);
  });
});

/** They name nothing that a search path could change, and are part of their callers, whose path is empty. */
const INLINED = new Set([
  'adopted_group',
  'clock',
  'hash_group_of',
  'pgmq_name',
  'run_id_floor',
  'worker_is_gone',
  'worker_state',
  'group_of_row',
  'tenure_at_home',
  'is_live_lease',
  'group_of_tenant',
]);

describe('search_path', () => {
  it('is fixed and empty in every function, but in those that SQL inlines and in what commits', async () => {
    const loose = (await functions()).filter(({ settings }) => !(settings ?? []).includes('search_path=""'));
    expect(loose.map(({ name }) => name).filter((name) => !INLINED.has(name) && !COMMITS.has(name))).toEqual([]);
  });

  it('of the caller cannot slip another table or operator under a function', async () => {
    const session = await db.session();
    await session.sql(`
      create schema evil;
      create table evil.workflow_runs (run_id uuid);
      create function evil.evil_eq(uuid, uuid) returns boolean language sql as $$ select true $$;
      create operator evil.= (leftarg = uuid, rightarg = uuid, function = evil.evil_eq);
      create function evil.now() returns timestamptz language sql as $$ select 'infinity'::timestamptz $$;
      grant usage on schema evil to public;
      set search_path = evil, workflow, pg_catalog`);
    await db.make.define('w', 'a');
    const [one, two] = [await db.make.start('w'), await db.make.start('w')];
    await session.call('cancel_runs', [[one]]);
    expect([(await db.make.run(one)).status, (await db.make.run(two)).status]).toEqual(['cancelled', 'started']);
    const worker = (await db.make.worker()).using(session);
    const task = await worker.claimOne();
    await worker.complete(task, 1);
    await worker.heartbeat([task]);
    expect(await db.make.run(two)).toMatchObject({ status: 'completed' });
    await session.sql('drop schema evil cascade');
  });

  it('may be anything for the views', async () => {
    const session = await db.session('workflow_router');
    await session.sql('set search_path = pg_temp');
    for (const view of ['queue_depths', 'run_events', 'worker_states', 'stuck_steps']) {
      await expect(session.sql(`select * from workflow.${view} limit 1`)).resolves.toBeDefined();
    }
  });
});
