import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { StepKind, WhenExhausted } from '../domain/index.js';
import { exactNumber } from './exact-number.js';

/** A step of a definition, its options resolved. */
@Entity({ schema: 'workflow', name: 'workflow_steps', synchronize: false })
export class WorkflowStepEntity {
  @PrimaryColumn({ name: 'definition_id', type: 'uuid' })
  definitionId: string;

  @PrimaryColumn({ name: 'step_slug', type: 'text' })
  stepSlug: string;

  @Column({ name: 'step_index', type: 'integer' })
  stepIndex: number;

  @Column({ name: 'step_level', type: 'integer' })
  stepLevel: number;

  @Column({ type: 'text' })
  kind: StepKind;

  @Column({ name: 'over_step', type: 'text', nullable: true })
  overStep: string | null;

  @Column({ name: 'over_path', type: 'text', array: true })
  overPath: string[];

  @Column({ type: 'text', array: true })
  dependencies: string[];

  @Column({ type: 'text', array: true })
  dependents: string[];

  @Column({ type: 'text' })
  queue: string;

  @Column({ name: 'max_attempts', type: 'integer' })
  maxAttempts: number;

  @Column({ name: 'base_delay_ms', type: 'bigint', transformer: exactNumber })
  baseDelayMs: number;

  @Column({ name: 'max_delay_ms', type: 'bigint', transformer: exactNumber })
  maxDelayMs: number;

  @Column({ name: 'gathers_maps', type: 'boolean' })
  gathersMaps: boolean;

  @Column({ name: 'sole_leaf', type: 'boolean' })
  soleLeaf: boolean;

  @Column({ name: 'start_delay_ms', type: 'bigint', transformer: exactNumber })
  startDelayMs: number;

  @Column({ name: 'timeout_ms', type: 'bigint', transformer: exactNumber })
  timeoutMs: number;

  @Column({ name: 'when_exhausted', type: 'text' })
  whenExhausted: WhenExhausted;
}
