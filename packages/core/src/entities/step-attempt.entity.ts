import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Json } from '../domain/index.js';
import { exactNumber } from './exact-number.js';

/** An attempt that failed or was lost; a success leaves none. */
@Entity({ schema: 'workflow', name: 'step_attempts', synchronize: false })
export class StepAttemptEntity {
  @PrimaryColumn({ name: 'run_id', type: 'uuid' })
  runId: string;

  @PrimaryColumn({ name: 'step_slug', type: 'text' })
  stepSlug: string;

  @PrimaryColumn({ name: 'task_index', type: 'integer' })
  taskIndex: number;

  @PrimaryColumn({ type: 'integer' })
  attempt: number;

  @PrimaryColumn({ type: 'text' })
  residency: string;

  @Column({ name: 'home_epoch', type: 'bigint', transformer: exactNumber })
  homeEpoch: number;

  @Column({ type: 'bigint', transformer: exactNumber })
  revision: number;

  @Column({ name: 'written_tick', type: 'bigint', transformer: exactNumber })
  writtenTick: number;

  @Column({ name: 'worker_id', type: 'uuid', nullable: true })
  workerId: string | null;

  @Column({ type: 'boolean' })
  reported: boolean;

  @Column({ type: 'jsonb' })
  error: Json;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  @Column({ name: 'failed_at', type: 'timestamptz' })
  failedAt: Date;
}
