// Reads about leaders: who holds which lease, what changed hands.
import { FailoverEventEntity } from '../entities/index.js';
import type { EntitySource } from './entity-source.js';
import type { WorkerState } from './worker.reader.js';

export interface LeaseRow {
  name: string;
  holder: string;
  token: number;
  acquiredAt: Date;
  expiresAt: Date;
  /** By the database's clock. */
  expired: boolean;
  /** Null: the holder is no known worker. */
  holderState: WorkerState | null;
}

const LIST = `
  select l.name, l.holder, l.token, l.acquired_at, l.expires_at, l.expires_at <= c.now as expired, w.state as holder_state
    from (select workflow.clock() as now) c, workflow.leases l
    left join workflow.worker_states w on w.worker_id = l.holder
   order by l.name
   limit 1000`;

/** Apps whose workers hold a lease report its token; the grace is for a heartbeat that was on its way while the lease changed hands. */
const SPLIT_BRAINS = `
  select l.name as lease, l.token, w.worker_id, w.leader_token as believed
    from workflow.leases l
    join workflow.worker_states w
      on l.name = case w.app when 'executor' then 'orchestrator:leader' else w.app end
     and w.leader_token <> l.token and w.state in ('active', 'deprecated')
     and w.last_heartbeat_at > l.acquired_at + interval '1 second'
   order by l.name, w.worker_id
   limit 1000`;

const LAST_CHANGES = `
  select l.name as lease, e.successor
    from workflow.leases l
    left join lateral (
      select f.successor from workflow.failover_events f
       where f.kind = 'leader_changed' and f.subject = l.name
       order by f.event_id desc
       limit 1) e on true
   order by l.name
   limit 1000`;

export class LeaseReader {
  constructor(private readonly source: EntitySource) {}

  list(): Promise<LeaseRow[]> {
    return this.source.db.query(LIST);
  }

  /** Live processes that said, after a lease had changed hands, that they hold it with an old token. The fence makes them harmless. */
  splitBrains(): Promise<{ lease: string; token: number; workerId: string; believed: number }[]> {
    return this.source.db.query(SPLIT_BRAINS);
  }

  /** For each lease, who took it at the last change that was recorded; null: none was. */
  lastLeaderChanges(): Promise<{ lease: string; successor: string | null }[]> {
    return this.source.db.query(LAST_CHANGES);
  }

  /** Changes of leaders and workers, newest first; `before` is the last event of the page before. */
  changes({ before, limit }: { before?: number | undefined; limit: number }): Promise<FailoverEventEntity[]> {
    return this.source.read('failover events', (manager) => {
      const query = manager.createQueryBuilder(FailoverEventEntity, 'e');
      if (before !== undefined) query.where('e.eventId < :before', { before });
      return query.orderBy('e.eventId', 'DESC').limit(limit).getMany();
    });
  }
}
