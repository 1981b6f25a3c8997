// Calls of the SQL functions about definitions.
import type { WorkflowDefinition } from '../domain/index.js';
import type { Database } from './database.js';
import { one } from './run.store.js';
import { jsonb } from './wire.js';

export interface RegisteredDefinition {
  /** Content hash, as a uuid. */
  definitionId: string;
  slug: string;
  /** Null: in a mesh, until the log has decided it. */
  version: number | null;
  /** False: the same content was registered before. */
  created: boolean;
  /** True: a start by slug takes this version from now on. */
  activated: boolean;
}

export class DefinitionStore {
  constructor(private readonly db: Database) {}

  /** register_workflow: stores a definition under its content hash; the same content twice is one version. Throws the WF1 codes of domain/errors.ts. */
  async register(definition: WorkflowDefinition): Promise<RegisteredDefinition> {
    return one(await this.db.callSql<RegisteredDefinition>('register_workflow', [jsonb(definition)]));
  }

  /** activate_definition: a start by slug takes this version from now on; in a mesh when the log has decided it. Throws `unknown_workflow`, `unknown_version`. */
  async activate({ slug, version }: { slug: string; version: number }): Promise<{ definitionId: string; slug: string; version: number }> {
    return one(await this.db.callSql('activate_definition', [slug, version]));
  }
}
