import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WorkflowDefinition } from '../domain/index.js';
import { exactNumber } from './exact-number.js';

/** A definition, immutable, as stored by one writer (a database); the same content may have several writers in several regions. */
@Entity({ schema: 'workflow', name: 'workflow_definitions', synchronize: false })
export class WorkflowDefinitionEntity {
  @PrimaryColumn({ name: 'definition_id', type: 'uuid' })
  definitionId: string;

  @PrimaryColumn({ type: 'uuid' })
  writer: string;

  @PrimaryColumn({ type: 'text' })
  residency: string;

  @Column({ type: 'text' })
  slug: string;

  @Column({ type: 'jsonb' })
  definition: WorkflowDefinition;

  @Column({ name: 'home_epoch', type: 'bigint', transformer: exactNumber })
  homeEpoch: number;

  @Column({ type: 'bigint', transformer: exactNumber })
  revision: number;

  @Column({ name: 'written_tick', type: 'bigint', transformer: exactNumber })
  writtenTick: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
