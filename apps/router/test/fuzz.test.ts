// Random requests against every endpoint: none is answered 5xx, and none leaves half a run.
import { fc, seeded } from '@singularity-workflow/testkit';
import { anything, extended, inPath, mostly, word } from './support/arbitraries.js';
import { region, regionCommand, regions, tenant, tenants } from './support/region-arbitraries.js';
import { useRouter } from './support/router.js';

const REQUESTS = 10_000;
const AT_ONCE = 16;
const TIME_MAX_MS = 300_000;

const router = useRouter();
const { db } = router;

interface Shot {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Uint8Array<ArrayBuffer> | undefined;
}

const workflow = fc.constantFrom('greet', 'fan', 'chain');
const time = fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2200-01-01') }).map((date) => date.toISOString());
const runInput = fc.oneof(fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 4 }), anything);

const startFields = {
  tenant_id: mostly(fc.constantFrom('acme', 'globex')),
  input: runInput,
  idempotency_key: mostly(fc.constantFrom('k1', 'k2', 'k3')),
  run_at: mostly(time),
  deadline: mostly(time),
  priority: mostly(fc.constantFrom('low', 'normal', 'high')),
  labels: mostly(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), { maxKeys: 3 })),
  durability: mostly(fc.constantFrom('local', 'quorum')),
  version: mostly(fc.integer({ min: 1, max: 3 })),
};
const plain = fc.record({
  tenant_id: fc.constantFrom('acme', 'globex'),
  workflow,
  input: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 4 }),
});
const start = fc.oneof(plain, extended({ ...startFields, workflow: mostly(workflow) }, ['tenant_id', 'workflow']));
const execute = extended({ goal: mostly(workflow), opts: mostly(extended(startFields, ['tenant_id'])) }, ['goal', 'opts']);
const batch = extended({ workflows: mostly(fc.array(fc.oneof(start, anything), { maxLength: 5 })) }, ['workflows']);
const filter = extended(
  { tenant_id: startFields.tenant_id, workflow: mostly(workflow), status: mostly(fc.constant(['failed'])), labels: startFields.labels },
  [],
);
const bulk = extended(
  { filter: mostly(filter), dry_run: mostly(fc.boolean()), limit: mostly(fc.integer({ min: 1, max: 9 })), reason: word, cursor: word },
  ['filter'],
);
const step = extended(
  {
    slug: mostly(fc.constantFrom('a', 'b', 'c', 'd')),
    kind: mostly(fc.constantFrom('single', 'map')),
    depends_on: mostly(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 2 })),
    over: mostly(fc.constantFrom('a', 'b.c')),
    max_attempts: mostly(fc.integer({ min: 1, max: 4 })),
    queue: mostly(fc.constant('default')),
  },
  ['slug'],
);
const definition = extended(
  { slug: mostly(workflow), steps: mostly(fc.array(step, { minLength: 1, maxLength: 4 })), timeout_ms: anything },
  ['slug', 'steps'],
);

/** `RUN` stands for a run that exists by then, if one does. */
const id = fc.oneof(
  { weight: 4, arbitrary: fc.constant('RUN') },
  { weight: 1, arbitrary: fc.uuid() },
  { weight: 1, arbitrary: word.map(inPath) },
);
const query = fc.oneof(
  { weight: 9, arbitrary: fc.constant('') },
  fc
    .dictionary(
      fc.oneof(fc.constantFrom('limit', 'cursor', 'status', 'tenant_id', 'label', 'wait', 'created_from'), word),
      fc.oneof(word, fc.constantFrom('5ms', '3', 'acme')),
      { maxKeys: 3 },
    )
    .map(
      (parameters) =>
        `?${Object.entries(parameters)
          .map(([name, value]) => `${inPath(name)}=${inPath(value)}`)
          .join('&')}`,
    ),
);

const none = fc.constant(undefined);
const of = (
  method: string,
  path: fc.Arbitrary<string> | string,
  body: fc.Arbitrary<unknown> = none,
): fc.Arbitrary<{ method: string; path: string; body: unknown }> =>
  fc.record({ method: fc.constant(method), path: typeof path === 'string' ? fc.constant(path) : path, body });
const about = (suffix: string): fc.Arbitrary<string> => id.map((run) => `/api/workflows/${run}${suffix}`);
const named = fc.oneof(workflow, word.map(inPath)).map((slug) => `/api/definitions/${slug}`);
const command = extended({ reason: word, from: fc.oneof(fc.constantFrom('failed', 'start', 'a'), word) }, []);

const endpoint = fc.oneof(
  { weight: 6, arbitrary: of('POST', '/api/workflows', start) },
  { weight: 2, arbitrary: of('POST', '/api/workflows/execute', execute) },
  { weight: 2, arbitrary: of('POST', '/api/workflows/batch', batch) },
  of('GET', '/api/workflows'),
  of('GET', about('')),
  of('GET', about('/steps')),
  of('GET', about('/events')),
  of('DELETE', about('')),
  ...['cancel', 'pause', 'resume', 'retry'].map((verb) => of('POST', about(`/${verb}`), fc.option(command, { nil: undefined }))),
  of('POST', '/api/workflows/cancel', bulk),
  of('POST', '/api/workflows/retry', bulk),
  { weight: 2, arbitrary: of('POST', '/api/definitions', definition) },
  of('GET', '/api/definitions'),
  of('GET', named),
  of(
    'GET',
    named.map((path) => `${path}/versions`),
  ),
  of(
    'GET',
    fc.tuple(named, fc.oneof(fc.constant('1'), word.map(inPath))).map(([path, version]) => `${path}/${version}`),
  ),
  of(
    'POST',
    named.map((path) => `${path}/1/activate`),
  ),
  of('GET', '/api/queues'),
  of('GET', '/api/workers'),
  of(
    'POST',
    id.map((worker) => `/api/workers/${worker}/drain`),
  ),
  of('PUT', '/api/workflows', start),
  of('GET', '/api/regions'),
  of('POST', '/api/regions', region),
  of('DELETE', regions('')),
  ...['failover', 'evacuate', 'restore', 'resync'].map((verb) =>
    of('POST', regions(`/${verb}`), fc.option(regionCommand, { nil: undefined })),
  ),
  of(
    'GET',
    id.map((one) => `/api/regions/commands/${one}`),
  ),
  of('GET', tenants('')),
  of('PUT', tenants(''), tenant),
  of('POST', tenants('/move'), tenant),
  of('GET', '/api/topology'),
  of('GET', '/api/replication/conflicts'),
  of(
    'GET',
    fc.oneof(fc.constant('1'), word.map(inPath)).map((one) => `/api/replication/conflicts/${one}`),
  ),
);

/** Bodies as sent: mostly as they should be, some cut, with a byte changed, or no JSON at all. */
const asSent = (body: unknown): fc.Arbitrary<string | Uint8Array<ArrayBuffer> | undefined> => {
  if (body === undefined) return none;
  const text = JSON.stringify(body) ?? 'null';
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(text) },
    fc.nat(text.length).map((length) => text.slice(0, length)),
    fc.tuple(fc.nat(Math.max(0, text.length - 1)), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
      const bytes = new Uint8Array(Buffer.from(text));
      bytes[at] = byte;
      return bytes;
    }),
    anything.map((other) => JSON.stringify(other)),
  );
};

const shot: fc.Arbitrary<Shot> = fc
  .tuple(
    endpoint,
    query,
    fc.oneof({ weight: 9, arbitrary: fc.constant('application/json') }, fc.constantFrom('text/plain', 'application/xml')),
  )
  .chain(([{ method, path, body }, parameters, type]) =>
    asSent(body).map((sent) => ({
      method,
      path: path + parameters,
      headers: sent === undefined ? {} : { 'content-type': type },
      body: sent,
    })),
  );

async function fire({ method, path, headers, body }: Shot, runs: string[]): Promise<string | undefined> {
  const aim = path.replace('RUN', runs.at(-1) ?? '01890000-0000-7000-8000-000000000000');
  const response = await fetch(router.client.origin + aim, { method, headers, body: body ?? null });
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text();
  const runId = response.status === 202 ? (JSON.parse(text) as { run_id?: string }).run_id : undefined;
  if (runId !== undefined) runs.push(runId);
  return response.status >= 500 ? `${response.status} ${method} ${aim} ${String(body)}: ${text}` : undefined;
}

/** Meanwhile a worker completes and fails what it gets, so that commands meet runs in every state. */
async function workUntil(fired: Promise<unknown>): Promise<void> {
  const over = { yet: false };
  void fired.finally(() => (over.yet = true)).catch(() => undefined);
  const worker = await db.make.worker();
  for (let round = 0; !over.yet; round++) {
    const tasks = await worker.claim({ capacity: 20 });
    const [failing, completing] = [
      tasks.filter((task) => task.task_index === round % 3),
      tasks.filter((task) => task.task_index !== round % 3),
    ];
    await worker.completeAll(completing.map((task) => [task, [round, null, 'x']] as const));
    await worker.failAll(failing.map((task) => [task, { retryable: round % 2 === 0 }] as const));
    if (tasks.length === 0) await router.client.get('/health/live');
  }
  await fired;
}

const HALF_RUNS = `
  select r.run_id, r.status, r.total_steps, r.remaining_leaves, s.steps, s.open, s.leaves
    from workflow.workflow_runs r
    left join lateral (
      select count(*) as steps, count(*) filter (where s.finished_at is null) as open,
             count(*) filter (where d.dependents = '{}' and (s.finished_at is null or s.status = 'skipped' and s.remaining_deps > 0)) as leaves
        from workflow.step_states s
        join workflow.workflow_steps d on d.definition_id = r.definition_id and d.step_slug = s.step_slug
       where s.run_id = r.run_id) s on true
   where s.steps <> r.total_steps and (r.started_at is not null or s.steps <> 0)
      or r.status in ('started', 'paused') and s.leaves <> r.remaining_leaves and s.steps > 0
      or r.finished_at is not null and s.open > 0`;
const STRAYS = `
  select 'step' as what, s.run_id from workflow.step_states s where not exists (select from workflow.workflow_runs r where r.run_id = s.run_id)
  union all
  select 'task', t.run_id from workflow.step_tasks t where not exists (
    select from workflow.step_states s where s.run_id = t.run_id and s.step_slug = t.step_slug and s.initial_tasks > t.task_index)
  union all
  select 'missing tasks', s.run_id from workflow.step_states s
   where s.status = 'started' and s.initial_tasks <> (select count(*) from workflow.step_tasks t where t.run_id = s.run_id and t.step_slug = s.step_slug)`;

it(
  `answers ${REQUESTS} random requests without a 5xx, and leaves no half of a run`,
  async () => {
    await db.make.define('greet', 'hello');
    await db.make.define({
      slug: 'fan',
      steps: [
        { slug: 'a', kind: 'map' },
        { slug: 'b', kind: 'map', over: 'a' },
        { slug: 'c', depends_on: ['b'] },
      ],
    });
    await db.make.define({ slug: 'chain', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const shots = fc.sample(shot, seeded('router-fuzz', REQUESTS));
    const runs: string[] = [];
    const wrong: string[] = [];
    let next = 0;
    const shooter = async (): Promise<void> => {
      for (let aimed = shots[next++]; aimed !== undefined; aimed = shots[next++]) {
        const failure = await fire(aimed, runs);
        if (failure !== undefined) wrong.push(failure);
      }
    };
    const fired = Promise.all(Array.from({ length: AT_ONCE }, shooter));
    await workUntil(fired);
    expect(wrong).toEqual([]);
    expect(runs.length).toBeGreaterThan(REQUESTS / 50);
    expect(await db.sql(HALF_RUNS)).toEqual([]);
    expect(await db.sql(STRAYS)).toEqual([]);
  },
  TIME_MAX_MS,
);
