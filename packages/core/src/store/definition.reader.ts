// Reads about definitions and their versions.
import type { WorkflowDefinition } from '../domain/index.js';
import { WorkflowDefinitionEntity, WorkflowVersionEntity } from '../entities/index.js';
import type { EntitySource } from './entity-source.js';

export interface WorkflowRow {
  slug: string;
  /** What a start by slug takes. */
  activeVersion: number | null;
  latestVersion: number;
  versions: number;
  registeredAt: Date;
  activatedAt: Date | null;
}

export interface VersionRow {
  slug: string;
  version: number;
  definitionId: string;
  active: boolean;
  registeredAt: Date;
  activatedAt: Date | null;
}

const LIST = `
  select v.slug, max(v.version) filter (where v.active) as active_version, max(v.version) as latest_version, count(*) as versions,
         min(v.registered_at) as registered_at, max(v.activated_at) filter (where v.active) as activated_at
    from workflow.workflow_versions v
   where $1::text is null or v.slug > $1
   group by v.slug
   order by v.slug
   limit $2::int`;

export class DefinitionReader {
  constructor(private readonly source: EntitySource) {}

  /** Workflows by slug; `after` is the last slug of the page before. */
  list({ after, limit }: { after?: string | undefined; limit: number }): Promise<WorkflowRow[]> {
    return this.source.db.query(LIST, [after, limit]);
  }

  /** Versions of a slug, newest first; `before` is the last version of the page before. */
  versions({ slug, before, limit }: { slug: string; before?: number | undefined; limit: number }): Promise<VersionRow[]> {
    return this.source.read('definition versions', (manager) => {
      const query = manager.createQueryBuilder(WorkflowVersionEntity, 'v').where('v.slug = :slug', { slug });
      if (before !== undefined) query.andWhere('v.version < :before', { before });
      return query.orderBy('v.version', 'DESC').limit(limit).getMany();
    });
  }

  /** One version, by default the active one, with its document. Null: no such workflow or version. */
  get({
    slug,
    version,
  }: {
    slug: string;
    version?: number | undefined;
  }): Promise<(VersionRow & { definition: WorkflowDefinition }) | null> {
    return this.source.read('definition', async (manager) => {
      const found = await manager.findOneBy(WorkflowVersionEntity, version === undefined ? { slug, active: true } : { slug, version });
      if (found === null) return null;
      const stored = await manager.findOneBy(WorkflowDefinitionEntity, { definitionId: found.definitionId });
      if (stored === null) return null;
      const { definitionId, active, registeredAt, activatedAt } = found;
      return { slug, version: found.version, definitionId, active, registeredAt, activatedAt, definition: stored.definition };
    });
  }
}
