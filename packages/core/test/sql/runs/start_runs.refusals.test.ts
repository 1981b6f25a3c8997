import { json, useTestDatabase, type StartRequest, type Started } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const stored = async () => (await db.sql<{ runs: number }>('select count(*) as runs from workflow.workflow_runs'))[0]!.runs;
const startOne = async (request: Partial<StartRequest>): Promise<Started> =>
  (await db.make.startAll([{ tenant_id: 'acme', workflow: 'w', ...request }]))[0]!;

describe('start_runs refuses by name, and stores nothing:', () => {
  const wrong: [what: string, code: string, field: string, request: Partial<StartRequest>][] = [
    ['an empty tenant', 'bad_tenant_id', 'tenant_id', { tenant_id: '' }],
    ['a tenant of 129 characters', 'bad_tenant_id', 'tenant_id', { tenant_id: 't'.repeat(129) }],
    ['a workflow that does not exist', 'unknown_workflow', 'workflow', { workflow: 'nothing' }],
    ['a version that does not exist', 'unknown_version', 'version', { version: 9 }],
    ['an empty key', 'bad_idempotency_key', 'idempotency_key', { idempotency_key: '' }],
    ['a key of 256 characters', 'bad_idempotency_key', 'idempotency_key', { idempotency_key: 'k'.repeat(256) }],
    ['a priority that does not exist', 'invalid_request', 'priority', { priority: 'urgent' as 'high' }],
    ['a durability that does not exist', 'invalid_request', 'durability', { durability: 'eternal' as 'local' }],
    ['a quorum where there is no other region', 'quorum_impossible', 'durability', { durability: 'quorum' }],
    ['a deadline that has passed', 'bad_time', 'deadline', { deadline: '2001-01-01T00:00:00Z' }],
    ['a deadline before the start', 'bad_time', 'deadline', { run_at: '2999-01-02T00:00:00Z', deadline: '2999-01-01T00:00:00Z' }],
    ['33 labels', 'bad_labels', 'labels', { labels: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`l${i}`, 'x'])) }],
    ['a label that is a number', 'bad_labels', 'labels', { labels: { a: 1 as unknown as string } }],
    ['a label of 256 characters', 'bad_labels', 'labels', { labels: { a: 'x'.repeat(256) } }],
    ['labels that are an array', 'bad_labels', 'labels', { labels: ['a'] as unknown as Record<string, string> }],
  ];

  it.each(wrong)('%s (%s)', async (_, code, field, request) => {
    await db.make.define('w', 'a');
    expect(await startOne(request)).toMatchObject({ outcome: 'refused', code, field, message: expect.any(String) });
    expect(await stored()).toBe(0);
    expect(await db.make.messages()).toEqual([]);
  });

  it.each([
    ['an object', { a: 1 }],
    ['a string', 'text'],
    ['null', null],
    ['nothing', undefined],
  ])('%s as the input of a root map, naming workflow and type', async (_, input) => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const answer = await startOne({ input });
    expect(answer).toMatchObject({ outcome: 'refused', code: 'type_violation', field: 'input' });
    expect(answer.message).toContain('w');
    expect(answer.message).toContain(input === null || input === undefined ? 'null' : typeof input);
    expect(await stored()).toBe(0);
  });

  it('a root map of one element more than the bound; the bound itself passes', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const answers = await db.make.startAll(
      [10_000, 10_001].map((size) => ({ tenant_id: 'acme', workflow: 'w', input: Array(size).fill(0) })),
    );
    expect(answers.map(({ outcome, code }) => [outcome, code])).toEqual([
      ['created', null],
      ['refused', 'map_too_large'],
    ]);
  });

  it('a batch of 1,001', async () => {
    await db.make.define('w', 'a');
    await expect(db.make.startAll(Array(1_001).fill({ tenant_id: 'acme', workflow: 'w' }))).rejects.toMatchObject({ code: 'WF002' });
    expect(await stored()).toBe(0);
  });

  it('a batch that is no array', async () => {
    await expect(db.call('start_runs', [json({ tenant_id: 'acme' })])).rejects.toMatchObject({ code: 'WF001' });
  });

  it('what is over a bound only, not what is at it', async () => {
    await db.make.define('w', 'a');
    const labels = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`l${i}`, 'x'.repeat(255)]));
    expect(await startOne({ tenant_id: 't'.repeat(128), idempotency_key: 'k'.repeat(255), labels })).toMatchObject({ outcome: 'created' });
  });
});
