import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Json, StepStatus } from '../domain/index.js';
import { exactNumber } from './exact-number.js';

/** A step of a run. `initialTasks` is null until the number of its tasks is known. */
@Entity({ schema: 'workflow', name: 'step_states', synchronize: false })
export class StepStateEntity {
  @PrimaryColumn({ name: 'run_id', type: 'uuid' })
  runId: string;

  @PrimaryColumn({ name: 'step_slug', type: 'text' })
  stepSlug: string;

  @PrimaryColumn({ type: 'text' })
  residency: string;

  @Column({ name: 'home_epoch', type: 'bigint', transformer: exactNumber })
  homeEpoch: number;

  @Column({ type: 'bigint', transformer: exactNumber })
  revision: number;

  @Column({ name: 'written_tick', type: 'bigint', transformer: exactNumber })
  writtenTick: number;

  @Column({ type: 'text' })
  status: StepStatus;

  @Column({ name: 'remaining_deps', type: 'integer' })
  remainingDeps: number;

  @Column({ name: 'initial_tasks', type: 'integer', nullable: true })
  initialTasks: number | null;

  @Column({ name: 'remaining_tasks', type: 'integer', nullable: true })
  remainingTasks: number | null;

  @Column({ name: 'output_bytes', type: 'bigint', transformer: exactNumber })
  outputBytes: number;

  @Column({ name: 'skip_reason', type: 'text', nullable: true })
  skipReason: string | null;

  @Column({ type: 'jsonb', nullable: true })
  error: Json | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}
