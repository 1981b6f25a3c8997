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

const BELIEFS = `
  select w.worker_id, w.app, w.leader_token
    from workflow.worker_states w
   where w.leader_token is not null and w.state in ('active', 'deprecated')
   limit 1000`;

export class LeaseReader {
  constructor(private readonly source: EntitySource) {}

  list(): Promise<LeaseRow[]> {
    return this.source.db.query(LIST);
  }

  /** Live processes that believe they lead, by what they said in their last heartbeat. */
  beliefs(): Promise<{ workerId: string; app: string; leaderToken: number }[]> {
    return this.source.db.query(BELIEFS);
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
