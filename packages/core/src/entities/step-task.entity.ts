import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Json, TaskStatus } from '../domain/index.js';
import { exactNumber } from './exact-number.js';

/** A task: what is claimed. A single step has one, a map step one per element. */
@Entity({ schema: 'workflow', name: 'step_tasks', synchronize: false })
export class StepTaskEntity {
  @PrimaryColumn({ name: 'run_id', type: 'uuid' })
  runId: string;

  @PrimaryColumn({ name: 'step_slug', type: 'text' })
  stepSlug: string;

  @PrimaryColumn({ name: 'task_index', type: 'integer' })
  taskIndex: number;

  @PrimaryColumn({ type: 'text' })
  residency: string;

  @Column({ name: 'home_epoch', type: 'bigint', transformer: exactNumber })
  homeEpoch: number;

  @Column({ type: 'bigint', transformer: exactNumber })
  revision: number;

  @Column({ name: 'written_tick', type: 'bigint', transformer: exactNumber })
  writtenTick: number;

  @Column({ type: 'text' })
  status: TaskStatus;

  @Column({ type: 'integer' })
  attempt: number;

  @Column({ type: 'integer' })
  failures: number;

  @Column({ name: 'available_at', type: 'timestamptz' })
  availableAt: Date;

  @Column({ name: 'worker_id', type: 'uuid', nullable: true })
  workerId: string | null;

  @Column({ type: 'jsonb', nullable: true })
  output: Json | null;

  @Column({ type: 'jsonb', nullable: true })
  error: Json | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}
