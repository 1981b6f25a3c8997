// Things that tests need in one line: definitions, runs, workers, a scheduler's token, and rows to look at.
import { randomUUID } from 'node:crypto';
import { json } from './connect.js';
import type { TestDatabase } from './database.js';
import type { ClaimRow, Definition, MessageRow, RunRow, Started, StartRequest, StepRow, TaskRow } from './rows.js';
import { TestWorker } from './worker.js';

export interface Registered {
  definition_id: string;
  slug: string;
  version: number;
  created: boolean;
  activated: boolean;
}

type Undecided = Omit<Registered, 'version'> & { readonly version: null };

/** What the calls of one rebuild came to. */
export interface Rebuilt {
  restored: number;
  calls: number;
  queues: string[];
}

interface Chunk {
  restored: number;
  next_after: string | null;
  queues: string[];
}

export interface WorkerOptions {
  readonly workerId?: string;
  readonly queues?: string[];
  readonly runnableSteps?: [workflow: string, step: string][];
  readonly heartbeatTimeoutMs?: number;
  readonly visibilityTimeoutMs?: number;
  readonly app?: 'router' | 'scheduler' | 'executor' | 'failover-monitor';
}

const LEASE_TTL_MS = 600_000;

export class Factory {
  private readonly leader = randomUUID();
  constructor(private readonly db: TestDatabase) {}

  /** Registers a definition. `define('w', 'a', 'b')` is short for single steps without dependencies. */
  async define(definition: Definition | string, ...steps: string[]): Promise<Registered> {
    const full = typeof definition === 'string' ? { slug: definition, steps: steps.map((slug) => ({ slug })) } : definition;
    const registered = (await this.db.call<Registered | Undecided>('register_workflow', [json(full)]))[0]!;
    return registered.version === null ? this.decide(registered) : registered;
  }

  /** In a mesh a version is one when the log says so. Here it is taken as decided, in this database alone and without an epoch of its own. */
  private async decide({ slug, definition_id }: Undecided): Promise<Registered> {
    await this.db.sql(
      `select workflow.decide_version(m.last_epoch, jsonb_build_object('slug', $1::text, 'definition_id', $2::uuid, 'active', true), workflow.clock())
         from workflow.mesh m`,
      [slug, definition_id],
    );
    await this.db.sql(`delete from workflow.log_wishes where epoch is null and item ->> 'definition_id' = $1`, [definition_id]);
    const [decided] = await this.db.sql<{ version: number; active: boolean }>(
      'select version, active from workflow.workflow_versions where slug = $1 and definition_id = $2',
      [slug, definition_id],
    );
    return { slug, definition_id, version: decided!.version, created: true, activated: decided!.active };
  }

  startAll(requests: readonly StartRequest[]): Promise<Started[]> {
    return this.db.call<Started>('start_runs', [json(requests)]);
  }

  /** Starts one run of tenant `acme` and answers its id; a refusal throws. */
  async start(workflow: string, input: unknown = {}, rest: Partial<StartRequest> = {}): Promise<string> {
    const [answer] = await this.startAll([{ tenant_id: 'acme', workflow, input, ...rest }]);
    if (answer?.outcome !== 'created' && answer?.outcome !== 'existing') throw new Error(`not started: ${JSON.stringify(answer)}`);
    return answer.run_id;
  }

  /** Registers a worker that may be silent for a day unless told otherwise: tests that move the clock mean something else. */
  async worker(options: WorkerOptions = {}): Promise<TestWorker> {
    const id = options.workerId ?? randomUUID();
    await this.db.call('register_worker', [
      json({
        worker_id: id,
        app: options.app ?? 'executor',
        host: 'testkit',
        pid: process.pid,
        version: '0.0.0-test',
        queues: options.queues ?? ['default'],
        runnable_steps: options.runnableSteps ?? [],
        capacity: 100,
        heartbeat_timeout_ms: options.heartbeatTimeoutMs ?? 86_400_000,
        visibility_timeout_ms: options.visibilityTimeoutMs ?? 30_000,
      }),
    ]);
    return new TestWorker(id, this.db);
  }

  /** Takes or keeps a lease (by default the scheduler's) and answers its token: good for ten minutes of the database's clock. */
  async leaderToken(name = 'scheduler', holder: string = this.leader): Promise<number> {
    const [lease] = await this.db.call<{ acquired: boolean; token: number }>('acquire_lease', [name, holder, LEASE_TTL_MS]);
    if (!lease?.acquired) throw new Error(`somebody else holds ${name}`);
    return lease.token;
  }

  async run(runId: string): Promise<RunRow> {
    const [row] = await this.db.sql<RunRow>('select * from workflow.workflow_runs where run_id = $1', [runId]);
    if (!row) throw new Error(`no run ${runId}`);
    return row;
  }

  steps(runId: string): Promise<StepRow[]> {
    return this.db.sql<StepRow>('select * from workflow.step_states where run_id = $1 order by step_slug', [runId]);
  }

  async step(runId: string, slug: string): Promise<StepRow> {
    const row = (await this.steps(runId)).find(({ step_slug }) => step_slug === slug);
    if (!row) throw new Error(`no step ${slug} in ${runId}`);
    return row;
  }

  tasks(runId: string, slug?: string): Promise<TaskRow[]> {
    return this.db.sql<TaskRow>(
      `select * from workflow.step_tasks where run_id = $1 and step_slug = coalesce($2, step_slug) order by step_slug, task_index`,
      [runId, slug ?? null],
    );
  }

  async task(runId: string, slug: string, index = 0): Promise<TaskRow> {
    const row = (await this.tasks(runId, slug)).find(({ task_index }) => task_index === index);
    if (!row) throw new Error(`no task ${slug}[${index}] in ${runId}`);
    return row;
  }

  /** Messages of all priorities of a queue, oldest id first; of one run only where it is given. */
  async messages(queue = 'default', runId?: string): Promise<MessageRow[]> {
    const tables = await this.db.sql<{ name: string }>(
      `select queue_name as name from pgmq.meta where queue_name in ($1 || '_p0', $1 || '_p1', $1 || '_p2') order by 1`,
      [queue],
    );
    const found = await Promise.all(
      tables.map(({ name }) =>
        this.db.sql<MessageRow>(`select $1::text as queue, msg_id, vt, message from pgmq.q_${name} order by msg_id`, [name]),
      ),
    );
    return found.flat().filter(({ message }) => runId === undefined || Object.values(message).includes(runId));
  }

  /** Claims in the order in which they were made; tasks in the order of their names. */
  claims(): Promise<ClaimRow[]> {
    return this.db.sql<ClaimRow>(
      `select c.claim_id, c.worker_id, c.claimed_at, c.overdue_at, c.lost,
              (select json_agg(json_build_object('run_id', k.run_id, 'step_slug', k.step_slug, 'task_index', k.task_index, 'attempt', k.attempt)
                               order by k.run_id, k.step_slug, k.task_index) from unnest(c.tasks) k) as tasks
         from workflow.claims c order by c.claimed_at, c.claim_id`,
    );
  }

  /** What a crash of the server leaves of unlogged tables and of their sequences: nothing. */
  async forgetUnlogged(): Promise<void> {
    const queues = await this.db.sql<{ name: string }>('select queue_name as name from pgmq.meta');
    for (const { name } of queues) await this.db.sql(`truncate pgmq.q_${name} restart identity`);
    await this.db.sql('truncate workflow.claims, workflow.queue_marker, workflow.open_run_changes, workflow.held_messages');
  }

  /** Calls rebuild_queue until it is through, as the scheduler does. */
  async rebuild(limit = 100): Promise<Rebuilt> {
    const token = await this.leaderToken();
    const rebuilt: Rebuilt = { restored: 0, calls: 0, queues: [] };
    let after: string | null = null;
    do {
      const [answer]: Chunk[] = await this.db.call<Chunk>('rebuild_queue', [token, after, limit]);
      rebuilt.restored += answer!.restored;
      rebuilt.calls += 1;
      rebuilt.queues.push(...answer!.queues);
      after = answer!.next_after;
    } while (after !== null);
    return rebuilt;
  }
}
