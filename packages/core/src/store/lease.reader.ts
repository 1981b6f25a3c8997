// Reads about leaders: who holds which lease, what changed hands.
import { REGION_EVENTS_TO_LOG, type RegionEventKind } from '../domain/index.js';
import { FailoverEventEntity } from '../entities/index.js';
import type { EntitySource } from './entity-source.js';
import type { WorkerState } from './worker.reader.js';

export interface LeaseRow {
  name: string;
  holder: string;
  /** Where a group holds it (orchestrator:leader); `holder` is the worker that renewed last. */
  holderGroup: string | null;
  token: number;
  acquiredAt: Date;
  expiresAt: Date;
  /** By the database's clock. */
  expired: boolean;
  /** Null: the holder is no known worker. Of a group: that of its liveliest worker. */
  holderState: WorkerState | null;
  /** How long nobody held it before this term; null where that is not known. */
  withoutMs: number | null;
  /** The command that brought about this term. */
  command: 'stop' | 'promote' | 'fence' | null;
  /** Somebody should hold it now: not so the lease of orchestrators where none lives. */
  wanted: boolean;
}

const LIST = `
  select l.name, l.holder, l.holder_group, l.token, l.acquired_at, l.expires_at, l.expires_at <= c.now as expired, l.without_ms,
         coalesce(g.state, w.state) as holder_state, k.kind as command,
         l.name <> 'orchestrator:leader'
         or exists (select from workflow.worker_states o where o.orchestrator_group is not null and o.state in ('active', 'deprecated')) as wanted
    from (select workflow.clock() as now) c, workflow.leases l
    left join workflow.worker_states w on w.worker_id = l.holder and l.holder_group is null
    left join lateral (
      select s.state from workflow.worker_states s
       where s.orchestrator_group = l.holder_group
       order by array_position(array['active', 'deprecated', 'silent', 'stopped'], s.state)
       limit 1) g on true
    left join lateral (
      select o.kind from workflow.orchestrator_commands o
       where o.lease = l.name and o.state = 'done' and o.token = case o.kind when 'promote' then l.token else l.token - 1 end
       order by o.finished_at desc
       limit 1) k on true
   order by l.name
   limit 1000`;

export interface SplitBrainRow {
  lease: string;
  /** The true one. */
  token: number;
  workerId: string;
  /** The one that this process says it holds. */
  believed: number;
}

/**
 * Apps whose workers hold a lease report its token. The grace is for a heartbeat that was on its way while the lease changed hands, or ended.
 */
const SPLIT_BRAINS = `
  select l.name as lease, l.token, w.worker_id, w.leader_token as believed
    from (select workflow.clock() as now) c, workflow.leases l
    join workflow.worker_states w
      on l.name = case w.app when 'executor' then 'orchestrator:leader' else w.app end
     and (w.leader_token <> l.token
          or l.holder_group is null and w.leader_token is not null and w.worker_id <> l.holder
          or l.holder_group is not null and w.leader_token is not null and w.orchestrator_group is distinct from l.holder_group)
     and w.state in ('active', 'deprecated')
   where w.last_heartbeat_at > greatest(l.acquired_at, least(l.expires_at, c.now)) + interval '1 second'
      or l.expires_at > c.now and w.last_heartbeat_at > l.acquired_at + interval '1 second'
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

const CHANGES_AFTER = `
  select e.event_id, e.subject as lease, e.former, e.successor, e.without_ms, e.reason, e.cause
    from workflow.failover_events e
   where e.kind = 'leader_changed' and e.subject = $1 and e.event_id > $2::bigint
   order by e.event_id
   limit 100`;

const REGION_EVENTS_AFTER = `
  select e.event_id, e.kind, e.subject, e.former, e.successor, e.without_ms, e.reason
    from workflow.failover_events e
   where e.event_id > $1::bigint and e.kind = any ($2)
   order by e.event_id
   limit $3`;

const NEWEST_EVENT = `
  select coalesce(max(e.event_id), 0)::bigint as newest
    from workflow.failover_events e
   where e.occurred_at <= workflow.clock() - $1::float8 * interval '1 millisecond'`;

const NEWEST_CHANGE = `
  select coalesce(max(e.event_id), 0)::bigint as newest
    from workflow.failover_events e
   where e.kind = 'leader_changed' and e.subject = $1 and e.occurred_at <= workflow.clock() - $2::float8 * interval '1 millisecond'`;

export interface RecordedChange {
  eventId: number;
  lease: string;
  former: string | null;
  successor: string;
  withoutMs: number | null;
  reason: string;
  cause: string | null;
}

export interface RegionEventRow {
  eventId: number;
  kind: RegionEventKind;
  subject: string;
  former: string | null;
  successor: string | null;
  withoutMs: number | null;
  reason: string;
}

export class LeaseReader {
  constructor(private readonly source: EntitySource) {}

  list(): Promise<LeaseRow[]> {
    return this.source.db.query(LIST);
  }

  /** Live processes that said, after a lease had changed hands, that they hold it with an old token. The fence makes them harmless. */
  splitBrains(): Promise<SplitBrainRow[]> {
    return this.source.db.query(SPLIT_BRAINS);
  }

  /** For each lease, who took it at the last change that was recorded; null: none was. */
  lastLeaderChanges(): Promise<{ lease: string; successor: string | null }[]> {
    return this.source.db.query(LAST_CHANGES);
  }

  /** Changes of the leader of this lease that were recorded after this event, oldest first; at most 100. */
  changesAfter({ lease, eventId }: { lease: string; eventId: number }): Promise<RecordedChange[]> {
    return this.source.db.query(CHANGES_AFTER, [lease, eventId]);
  }

  /** The event of the last change of the leader of this lease that is so old at least; 0: there was none. */
  async newestChange({ lease, olderThanMs }: { lease: string; olderThanMs: number }): Promise<number> {
    const [row] = await this.source.db.query<{ newest: number }>(NEWEST_CHANGE, [lease, olderThanMs]);
    return row?.newest ?? 0;
  }

  /** The last event that is so old at least; 0: there is none. */
  async newestEvent({ olderThanMs }: { olderThanMs: number }): Promise<number> {
    const [row] = await this.source.db.query<{ newest: number }>(NEWEST_EVENT, [olderThanMs]);
    return row!.newest;
  }

  /** What was recorded about regions after this event and is to be logged, oldest first. */
  regionEventsAfter(eventId: number, limit: number): Promise<RegionEventRow[]> {
    return this.source.db.query(REGION_EVENTS_AFTER, [eventId, REGION_EVENTS_TO_LOG, limit]);
  }

  /** Changes of leaders, workers and regions, newest first; `before` is the last event of the page before. */
  changes({ before, limit }: { before?: number | undefined; limit: number }): Promise<FailoverEventEntity[]> {
    return this.source.read('failover events', (manager) => {
      const query = manager.createQueryBuilder(FailoverEventEntity, 'e');
      if (before !== undefined) query.where('e.eventId < :before', { before });
      return query.orderBy('e.eventId', 'DESC').limit(limit).getMany();
    });
  }
}
