// Reads about schedules.
import { WorkflowScheduleEntity } from '../entities/index.js';
import type { EntitySource } from './entity-source.js';
import type { ScheduleName, ScheduleRow } from './schedule.store.js';

export interface ScheduleFilter {
  tenantId?: string | undefined;
  workflow?: string | undefined;
  paused?: boolean | undefined;
}

export interface SchedulePage {
  filter: ScheduleFilter;
  /** The last of the page before. */
  after?: ScheduleName | undefined;
  limit: number;
}

const WITHOUT_INPUT = (
  [
    'tenantId', 'name', 'residency', 'homeEpoch', 'revision', 'writtenTick', 'placementGroup', 'cron', 'timeZone', 'workflow', 'version', 'labels',
    'priority', 'catchUp', 'catchUpMax', 'jitterMs', 'paused', 'nextFireAt', 'dueAt', 'lastSlotAt', 'lastRunId', 'lastError', 'createdAt', 'updatedAt',
  ] as const satisfies (keyof WorkflowScheduleEntity)[]
).map((column) => `s.${column}`); // prettier-ignore

export class ScheduleReader {
  constructor(private readonly source: EntitySource) {}

  /** By tenant and name, without their inputs. */
  list({ filter, after, limit }: SchedulePage): Promise<Omit<ScheduleRow, 'input'>[]> {
    return this.source.read('schedules', (manager) => {
      const query = manager.createQueryBuilder(WorkflowScheduleEntity, 's').select(WITHOUT_INPUT).where('s.deletedAt is null');
      if (filter.tenantId !== undefined) query.andWhere('s.tenantId = :tenantId', { tenantId: filter.tenantId });
      if (filter.workflow !== undefined) query.andWhere('s.workflow = :workflow', { workflow: filter.workflow });
      if (filter.paused !== undefined) query.andWhere('s.paused = :paused', { paused: filter.paused });
      if (after !== undefined)
        query.andWhere('(s.tenantId, s.name) > (:afterTenant, :afterName)', { afterTenant: after.tenantId, afterName: after.name });
      return query.orderBy('s.tenantId').addOrderBy('s.name').limit(limit).getMany();
    });
  }

  /** Null: there is none, or it was deleted. */
  get({ tenantId, name }: ScheduleName): Promise<ScheduleRow | null> {
    return this.source.read('schedule', (manager) =>
      manager
        .createQueryBuilder(WorkflowScheduleEntity, 's')
        .where('s.tenantId = :tenantId and s.name = :name and s.deletedAt is null', { tenantId, name })
        .getOne(),
    );
  }
}
