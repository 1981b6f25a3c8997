import { json, useTestDatabase, type Definition, type StepDefinition } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const register = (definition: unknown) => db.call('register_workflow', [json(definition)]);
const stored = async () => (await db.sql<{ n: number }>('select count(*) as n from workflow.workflow_definitions'))[0]!.n;
const single = (slug: string, ...dependsOn: string[]): StepDefinition => ({ slug, depends_on: dependsOn });

describe('register_workflow', () => {
  it('makes the first content of a slug its version 1, and active', async () => {
    expect(await db.make.define('w', 'a')).toMatchObject({ slug: 'w', version: 1, created: true, activated: true });
  });

  it('answers the same version to the same content', async () => {
    const first = await db.make.define('w', 'a');
    expect(await db.make.define('w', 'a')).toEqual({ ...first, created: false, activated: false });
    expect(await stored()).toBe(1);
  });

  it('does not mind the order of keys', async () => {
    const [first] = await register({ slug: 'w', queue: 'default', steps: [{ slug: 'a', timeout_ms: 5 }] });
    const [second] = await register({ steps: [{ timeout_ms: 5, slug: 'a' }], queue: 'default', slug: 'w' });
    expect(second!['definition_id']).toBe(first!['definition_id']);
  });

  it.each<[what: string, changed: Definition]>([
    ['another step', { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }] }],
    ['another option of a step', { slug: 'w', steps: [{ slug: 'a', timeout_ms: 1_000 }] }],
    ['another option of the workflow', { slug: 'w', max_attempts: 9, steps: [{ slug: 'a' }] }],
  ])('makes %s a new version and activates it', async (_, changed) => {
    const first = await db.make.define('w', 'a');
    const second = await db.make.define(changed);
    expect(second).toMatchObject({ version: 2, created: true, activated: true });
    expect(second.definition_id).not.toBe(first.definition_id);
  });

  it('activates nothing when an older content is registered again', async () => {
    await db.make.define('w', 'a');
    const second = await db.make.define('w', 'a', 'b');
    expect(await db.make.define('w', 'a')).toMatchObject({ version: 1, created: false, activated: false });
    const runId = await db.make.start('w');
    expect(await db.make.run(runId)).toMatchObject({ definition_id: second.definition_id });
  });

  it('lets open runs finish on the version that they were started with', async () => {
    await db.make.define('w', 'a');
    const oldRun = await db.make.start('w');
    await db.make.define('w', 'a', 'b');
    const newRun = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.completeAll((await worker.claim()).map((task) => [task, 1]));
    expect(await db.make.run(oldRun)).toMatchObject({ status: 'completed', output: { a: 1 } });
    expect(await db.make.run(newRun)).toMatchObject({ status: 'completed', output: { a: 1, b: 1 } });
  });

  it('makes one version of one content registered eight times at once', async () => {
    const sessions = await Promise.all(Array.from({ length: 8 }, () => db.session()));
    const body = json({ slug: 'raced', steps: [{ slug: 'a', queue: 'raced_queue' }] });
    const answers = await Promise.all(
      sessions.map((session) => session.call<{ version: number; created: boolean }>('register_workflow', [body])),
    );
    expect(answers.map(([answer]) => answer!.version)).toEqual(Array(8).fill(1));
    expect(answers.filter(([answer]) => answer!.created)).toHaveLength(1);
  });

  it('numbers different contents of one slug registered at once without gaps', async () => {
    const sessions = await Promise.all(Array.from({ length: 6 }, () => db.session()));
    const answers = await Promise.all(
      sessions.map((session, i) =>
        session.call<{ version: number }>('register_workflow', [json({ slug: 'raced', max_attempts: i + 1, steps: [{ slug: 'a' }] })]),
      ),
    );
    expect(answers.map(([answer]) => answer!.version).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await db.sql(`select count(*) as active from workflow.workflow_versions where slug = 'raced' and active`)).toEqual([
      { active: 1 },
    ]);
  });

  it('does not deadlock when two definitions name the same new queues in opposite order', async () => {
    const sessions = await Promise.all(Array.from({ length: 8 }, () => db.session()));
    const queues = Array.from({ length: 6 }, (_, i) => `cross_${i}`);
    const answers = sessions.map((session, i) => {
      const ordered = i % 2 === 0 ? queues : queues.toReversed();
      return session.call('register_workflow', [
        json({ slug: `cross-${i}`, steps: ordered.map((queue, n) => ({ slug: `s${n}`, queue })) }),
      ]);
    });
    await expect(Promise.all(answers)).resolves.toHaveLength(8);
  });

  it('creates the queues that its steps name, one for each priority', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', queue: 'named_by_step' }] });
    expect(await db.sql(`select queue_name from pgmq.meta where queue_name like 'named_by_step%'`)).toHaveLength(3);
  });

  it('registers the longest chain: 1,000 steps, of which each depends on the one before', async () => {
    const steps = Array.from({ length: 1_000 }, (_, i) => single(`s${i}`, ...(i > 0 ? [`s${i - 1}`] : [])));
    expect(await db.make.define({ slug: 'chain', steps })).toMatchObject({ version: 1 });
  });
});

describe('register_workflow refuses, with a code of its own and nothing stored,', () => {
  const wrong: [what: string, code: string, definition: unknown][] = [
    ['null', 'WF101', null],
    ['an array', 'WF101', []],
    ['no steps', 'WF101', { slug: 'w' }],
    ['an empty list of steps', 'WF101', { slug: 'w', steps: [] }],
    ['steps that are an object', 'WF101', { slug: 'w', steps: {} }],
    ['a step that is a string', 'WF101', { slug: 'w', steps: ['a'] }],
    ['an unknown field of the workflow', 'WF101', { slug: 'w', steps: [{ slug: 'a' }], retries: 3 }],
    ['an unknown field of a step', 'WF101', { slug: 'w', steps: [{ slug: 'a', maxAttempts: 3 }] }],
    ['a dependency named twice', 'WF101', { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a', 'a'] }] }],
    ['dependencies that are a string', 'WF101', { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: 'a' }] }],
    ['dependencies that are an object', 'WF101', { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: { a: 1 } }] }],
    ['a source of a single step', 'WF101', { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', over: 'a' }] }],
    ['an empty path of a source', 'WF101', { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', kind: 'map', over: 'a.' }] }],
    ['no slug', 'WF102', { steps: [{ slug: 'a' }] }],
    ['a slug that is a number', 'WF102', { slug: 5, steps: [{ slug: 'a' }] }],
    ['a slug with capitals', 'WF102', { slug: 'Work', steps: [{ slug: 'a' }] }],
    ['a slug that ends in a newline', 'WF102', { slug: 'w\n', steps: [{ slug: 'a' }] }],
    ['a slug of 48 characters', 'WF102', { slug: 'w'.repeat(48), steps: [{ slug: 'a' }] }],
    ['a step slug that starts with a digit', 'WF102', { slug: 'w', steps: [{ slug: '1a' }] }],
    ['a step slug with a dot', 'WF102', { slug: 'w', steps: [{ slug: 'a.b' }] }],
    ['two steps of one slug', 'WF103', { slug: 'w', steps: [{ slug: 'a' }, { slug: 'a' }] }],
    ['a dependency that does not exist', 'WF104', { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['c'] }] }],
    ['a source that does not exist', 'WF104', { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', kind: 'map', over: 'c' }] }],
    ['a cycle of two', 'WF105', { slug: 'w', steps: [single('a'), single('b', 'c', 'a'), single('c', 'b')] }],
    ['a step that waits for itself', 'WF105', { slug: 'w', steps: [single('a'), single('b', 'b')] }],
    ['no root', 'WF106', { slug: 'w', steps: [single('a', 'b'), single('b', 'a')] }],
    [
      'a map with two sources',
      'WF107',
      { slug: 'w', steps: [single('a'), single('b'), { slug: 'm', kind: 'map', depends_on: ['a', 'b'] }] },
    ],
    [
      'a map that waits for more than its source',
      'WF107',
      { slug: 'w', steps: [single('a'), single('b'), { slug: 'm', kind: 'map', over: 'a', depends_on: ['b'] }] },
    ],
    ['1,001 steps', 'WF108', { slug: 'w', steps: Array.from({ length: 1_001 }, (_, i) => ({ slug: `s${i}` })) }],
    ['an unknown kind', 'WF109', { slug: 'w', steps: [{ slug: 'a', kind: 'loop' }] }],
    ['an unknown rule for exhaustion', 'WF109', { slug: 'w', steps: [{ slug: 'a', when_exhausted: 'ignore' }] }],
    ['no attempt', 'WF109', { slug: 'w', steps: [{ slug: 'a', max_attempts: 0 }] }],
    ['half an attempt', 'WF109', { slug: 'w', steps: [{ slug: 'a', max_attempts: 1.5 }] }],
    ['a delay that is a string', 'WF109', { slug: 'w', steps: [{ slug: 'a', base_delay_ms: '1000' }] }],
    ['a negative delay', 'WF109', { slug: 'w', base_delay_ms: -1, steps: [{ slug: 'a' }] }],
    ['a timeout of nothing', 'WF109', { slug: 'w', steps: [{ slug: 'a', timeout_ms: 0 }] }],
    ['a timeout beyond every integer', 'WF109', { slug: 'w', steps: [{ slug: 'a', timeout_ms: 1e30 }] }],
    ['an option that is null', 'WF109', { slug: 'w', steps: [{ slug: 'a', timeout_ms: null }] }],
    ['a queue with a dash', 'WF110', { slug: 'w', queue: 'a-b', steps: [{ slug: 'a' }] }],
    ['a queue of 42 characters', 'WF110', { slug: 'w', steps: [{ slug: 'a', queue: 'q'.repeat(42) }] }],
    ['a queue that would quote', 'WF110', { slug: 'w', steps: [{ slug: 'a', queue: 'a"; drop table x' }] }],
  ];

  it.each(wrong)('%s (%s)', async (_, code, definition) => {
    await expect(register(definition)).rejects.toMatchObject({ code });
    expect(await stored()).toBe(0);
    expect(await db.sql('select * from workflow.workflow_versions')).toEqual([]);
  });

  it('and names the circle', async () => {
    const definition = { slug: 'w', steps: [single('a'), single('b', 'a', 'd'), single('c', 'b'), single('d', 'c')] };
    await expect(register(definition)).rejects.toThrow(/(b -> d -> c -> b|d -> c -> b -> d|c -> b -> d -> c)/);
  });

  it('and says in DETAIL which field it was', async () => {
    const error = await register({ slug: 'w', steps: [{ slug: 'a', max_attempts: 0 }] }).catch((e: { detail: string }) => e);
    expect(JSON.parse((error as { detail: string }).detail)).toMatchObject({ field: 'steps.a.max_attempts' });
  });
});

describe('register_workflow resolves options', () => {
  const stepRow = async (slug: string) => (await db.sql('select * from workflow.workflow_steps where step_slug = $1', [slug]))[0];

  it('by step over workflow over default', async () => {
    await db.make.define({
      slug: 'w',
      max_attempts: 5,
      base_delay_ms: 50,
      steps: [{ slug: 'a', max_attempts: 7 }, { slug: 'b' }],
    });
    expect(await stepRow('a')).toMatchObject({
      max_attempts: 7,
      base_delay_ms: 50,
      max_delay_ms: 60_000,
      timeout_ms: 60_000,
      queue: 'default',
    });
    expect(await stepRow('b')).toMatchObject({ max_attempts: 5, when_exhausted: 'fail', start_delay_ms: 0 });
  });

  it('and takes the only dependency of a map as its source', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'm', kind: 'map', depends_on: ['a'] }] });
    expect(await stepRow('m')).toMatchObject({ over_step: 'a', over_path: [], dependencies: ['a'] });
  });

  it('and keeps the path of a source', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'm', kind: 'map', over: 'a.order.parcels' }] });
    expect(await stepRow('m')).toMatchObject({ over_step: 'a', over_path: ['order', 'parcels'] });
    expect(await stepRow('a')).toMatchObject({ dependents: ['m'] });
  });
});
