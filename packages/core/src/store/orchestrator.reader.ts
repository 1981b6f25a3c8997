// Reads about orchestrators: the groups and who of them is alive, what operators asked and what became of it.
import type { Database } from './database.js';
import type { CommandRow } from './orchestrator.store.js';
import type { WorkerState } from './worker.reader.js';

export interface GroupRow {
  group: string;
  role: 'primary' | 'standby';
  /** Of its liveliest worker. */
  state: WorkerState;
  /** That could claim. */
  workers: number;
  running: number;
  capacity: number;
  /** How long ago its latest heartbeat was. */
  silentMs: number;
  /** For how long its oldest living worker has been there; 0 where none lives. */
  livesMs: number;
}

/** Groups with a worker that lives, or that is gone for less than its row is kept. */
const GROUPS = `
  select w.orchestrator_group as "group", min(w.role) as role,
         (array['active', 'deprecated', 'silent', 'stopped'])[min(array_position(array['active', 'deprecated', 'silent', 'stopped'], w.state))] as state,
         count(*) filter (where w.state = 'active') as workers,
         coalesce(sum(w.running) filter (where w.state in ('active', 'deprecated')), 0) as running,
         coalesce(sum(w.capacity) filter (where w.state = 'active'), 0) as capacity,
         (extract(epoch from c.now - max(w.last_heartbeat_at)) * 1000)::bigint as silent_ms,
         coalesce((extract(epoch from c.now - min(w.started_at) filter (where w.state = 'active')) * 1000)::bigint, 0) as lives_ms
    from (select workflow.clock() as now) c, workflow.worker_states w
   where w.app = 'executor' and w.orchestrator_group is not null
   group by w.orchestrator_group, c.now
   order by w.orchestrator_group
   limit 1000`;

export interface OpenCommandRow extends CommandRow {
  /** By the database's clock. */
  overdue: boolean;
  /** Of those that it shall stop (the worker, or the group): how many live still. */
  living: number;
}

const OPEN = `
  select c.*, c.overdue_at <= workflow.clock() as overdue,
         (select count(*) from workflow.worker_states w
           where w.app = 'executor' and w.state in ('active', 'deprecated') and w.deprecated_at is not null
             and (w.worker_id = c.worker_id or w.orchestrator_group = c.target_group)) as living
    from workflow.orchestrator_commands c
   where c.finished_at is null
   order by c.requested_at
   limit 1000`;

const KEY = `(extract(epoch from c.requested_at) * 1000000)::bigint || ':' || c.command_id`;

const LIST = `
  select c.*, ${KEY} as key
    from workflow.orchestrator_commands c
   where $1::text is null or ((extract(epoch from c.requested_at) * 1000000)::bigint, c.command_id)
                             < (split_part($1, ':', 1)::bigint, split_part($1, ':', 2)::uuid)
   order by c.requested_at desc, c.command_id desc
   limit $2::int`;

const GET = `select c.* from workflow.orchestrator_commands c where c.command_id = $1::uuid`;

/** Times the lease went back by itself within the last hour: each makes the next one wait longer. */
const FAILBACKS = `
  select count(*) as failbacks
    from workflow.orchestrator_commands c
   where c.requested_by = 'failback' and c.requested_at > workflow.clock() - interval '1 hour'`;

export class OrchestratorReader {
  constructor(private readonly db: Database) {}

  groups(): Promise<GroupRow[]> {
    return this.db.query(GROUPS);
  }

  openCommands(): Promise<OpenCommandRow[]> {
    return this.db.query(OPEN);
  }

  /** Newest first; `after` is the `key` of the last row of the page before. */
  commands({ after, limit }: { after?: string | undefined; limit: number }): Promise<(CommandRow & { key: string })[]> {
    return this.db.query(LIST, [after, limit]);
  }

  async command(commandId: string): Promise<CommandRow | null> {
    const [row] = await this.db.query<CommandRow>(GET, [commandId]);
    return row ?? null;
  }

  async failbacks(): Promise<number> {
    const [row] = await this.db.query<{ failbacks: number }>(FAILBACKS);
    return row?.failbacks ?? 0;
  }
}
