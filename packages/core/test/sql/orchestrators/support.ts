// Members of two groups, as lead_group sees them.
import { randomUUID } from 'node:crypto';
import { type Caller, json, type TestDatabase, TestWorker } from '@singularity-workflow/testkit';

export const TTL_MS = 10_000;
/** It has had answers for so long that it may judge. */
export const LONG = 3_600_000;

export interface Lead {
  leads: boolean;
  token: number;
  leader: string | null;
  holder: string | null;
  left_ms: number;
  hands_over: boolean;
  drain_ms: number | null;
  taken: boolean;
  reason: string | null;
}

export interface Command {
  command_id: string;
  kind: string;
  lease: string | null;
  target_group: string | null;
  state: string;
  outcome: string | null;
  token: number | null;
}

export class Member {
  readonly worker: TestWorker;
  constructor(
    readonly id: string,
    readonly group: string,
    private readonly db: TestDatabase,
  ) {
    this.worker = new TestWorker(id, db);
  }

  async ask(caller: Caller = this.db, standingMs = LONG): Promise<Lead> {
    return (await caller.call<Lead>('lead_group', [this.id, TTL_MS, standingMs]))[0]!;
  }

  /** Asks, and must be told that it leads; answers the token. */
  async lead(): Promise<number> {
    const answer = await this.ask();
    if (!answer.leads) throw new Error(`${this.group} does not lead: ${JSON.stringify(answer)}`);
    return answer.token;
  }

  beat = (leaderToken: number | null = null) => this.db.call('heartbeat', [this.id, '[]', leaderToken]);
  stop = () => this.db.call('stop_worker', [this.id]);
  drain = () => this.db.call('deprecate_worker', [this.id]);
}

export interface MemberOptions {
  readonly heartbeatTimeoutMs?: number;
  readonly role?: 'primary' | 'standby';
  readonly app?: string;
}

export async function member(db: TestDatabase, group: string, options: MemberOptions = {}): Promise<Member> {
  const id = randomUUID();
  const worker = {
    worker_id: id,
    app: options.app ?? 'executor',
    role: options.role ?? (group === 'primary' ? 'primary' : 'standby'),
    orchestrator_group: group,
    host: 'testkit',
    pid: process.pid,
    version: '0.0.0-test',
    queues: ['default'],
    capacity: 10,
    heartbeat_timeout_ms: options.heartbeatTimeoutMs ?? 86_400_000,
    visibility_timeout_ms: 30_000,
  };
  await db.call('register_worker', [json(worker)]);
  return new Member(id, group, db);
}

export async function request(db: TestDatabase, command: object): Promise<Command> {
  return (await db.call<Command>('request_command', [json(command)]))[0]!;
}

export async function commandOf(db: TestDatabase, commandId: string): Promise<Command> {
  return (await db.sql<Command>('select * from workflow.orchestrator_commands where command_id = $1', [commandId]))[0]!;
}

export const sentences = async (db: TestDatabase, kind: string): Promise<string[]> =>
  (await db.sql<{ reason: string }>('select reason from workflow.failover_events where kind = $1 order by event_id', [kind])).map(
    ({ reason }) => reason,
  );
