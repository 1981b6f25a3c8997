import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CatchUpRule, Json } from '../domain/index.js';
import { exactNumber } from './exact-number.js';

/** A workflow that the clock starts. One that was deleted stays as a mark. */
@Entity({ schema: 'workflow', name: 'workflow_schedules', synchronize: false })
export class WorkflowScheduleEntity {
  @PrimaryColumn({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @PrimaryColumn({ type: 'text' })
  name: string;

  @PrimaryColumn({ type: 'text' })
  residency: string;

  @Column({ name: 'home_epoch', type: 'bigint', transformer: exactNumber })
  homeEpoch: number;

  @Column({ type: 'bigint', transformer: exactNumber })
  revision: number;

  @Column({ name: 'written_tick', type: 'bigint', transformer: exactNumber })
  writtenTick: number;

  @Column({ name: 'placement_group', type: 'text' })
  placementGroup: string;

  @Column({ type: 'text' })
  cron: string;

  @Column({ name: 'time_zone', type: 'text' })
  timeZone: string;

  @Column({ type: 'text' })
  workflow: string;

  @Column({ type: 'integer', nullable: true })
  version: number | null;

  @Column({ type: 'jsonb' })
  input: Json;

  @Column({ type: 'jsonb' })
  labels: Record<string, string>;

  @Column({ type: 'smallint' })
  priority: number;

  @Column({ name: 'catch_up', type: 'text' })
  catchUp: CatchUpRule;

  @Column({ name: 'catch_up_max', type: 'integer' })
  catchUpMax: number;

  @Column({ name: 'jitter_ms', type: 'integer' })
  jitterMs: number;

  @Column({ type: 'boolean' })
  paused: boolean;

  @Column({ name: 'next_fire_at', type: 'timestamptz', nullable: true })
  nextFireAt: Date | null;

  @Column({ name: 'due_at', type: 'timestamptz', nullable: true })
  dueAt: Date | null;

  @Column({ name: 'last_slot_at', type: 'timestamptz', nullable: true })
  lastSlotAt: Date | null;

  @Column({ name: 'last_run_id', type: 'uuid', nullable: true })
  lastRunId: string | null;

  @Column({ name: 'last_error', type: 'jsonb', nullable: true })
  lastError: { code: string; message: string; slot?: string } | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;

  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
