import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Durability, Json, RunStatus } from '../domain/index.js';
import { exactNumber } from './exact-number.js';

/** A run. It ends when its leaves, the steps that no other depends on, have ended: `remainingLeaves` is 0. `error` is {code, message, ...} of a failed run, or the reason of a cancelled one. */
@Entity({ schema: 'workflow', name: 'workflow_runs', synchronize: false })
export class WorkflowRunEntity {
  @PrimaryColumn({ name: 'run_id', type: 'uuid' })
  runId: string;

  @PrimaryColumn({ type: 'text' })
  residency: string;

  @Column({ name: 'home_epoch', type: 'bigint', transformer: exactNumber })
  homeEpoch: number;

  @Column({ type: 'bigint', transformer: exactNumber })
  revision: number;

  @Column({ name: 'written_tick', type: 'bigint', transformer: exactNumber })
  writtenTick: number;

  @Column({ name: 'tenant_id', type: 'text' })
  tenantId: string;

  @Column({ name: 'placement_group', type: 'text' })
  placementGroup: string;

  @Column({ type: 'text' })
  workflow: string;

  @Column({ name: 'definition_id', type: 'uuid' })
  definitionId: string;

  @Column({ type: 'text' })
  status: RunStatus;

  @Column({ type: 'smallint' })
  priority: number;

  @Column({ type: 'text' })
  durability: Durability;

  @Column({ name: 'remaining_leaves', type: 'integer' })
  remainingLeaves: number;

  @Column({ name: 'total_steps', type: 'integer' })
  totalSteps: number;

  @Column({ name: 'idempotency_key', type: 'text', nullable: true })
  idempotencyKey: string | null;

  @Column({ name: 'request_hash', type: 'bytea', nullable: true })
  requestHash: Buffer | null;

  @Column({ name: 'parent_run_id', type: 'uuid', nullable: true })
  parentRunId: string | null;

  @Column({ type: 'jsonb' })
  labels: Record<string, string>;

  @Column({ type: 'jsonb' })
  input: Json;

  @Column({ type: 'jsonb', nullable: true })
  output: Json | null;

  @Column({ type: 'jsonb', nullable: true })
  error: Json | null;

  @Column({ name: 'run_at', type: 'timestamptz', nullable: true })
  runAt: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  deadline: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt: Date | null;

  @Column({ name: 'paused_at', type: 'timestamptz', nullable: true })
  pausedAt: Date | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}
