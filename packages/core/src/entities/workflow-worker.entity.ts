import { Column, Entity, PrimaryColumn } from 'typeorm';
import { exactNumber } from './exact-number.js';

/** A process, alive or not; its state is told by the view worker_states. */
@Entity({ schema: 'workflow', name: 'workflow_workers', synchronize: false })
export class WorkflowWorkerEntity {
  @PrimaryColumn({ name: 'worker_id', type: 'uuid' })
  workerId: string;

  @Column({ type: 'text' })
  app: string;

  @Column({ type: 'text' })
  region: string;

  @Column({ type: 'text', nullable: true })
  role: string | null;

  @Column({ name: 'orchestrator_group', type: 'text', nullable: true })
  orchestratorGroup: string | null;

  @Column({ type: 'text' })
  host: string;

  @Column({ type: 'integer' })
  pid: number;

  @Column({ type: 'text' })
  version: string;

  @Column({ type: 'text', nullable: true })
  address: string | null;

  @Column({ type: 'text', array: true })
  queues: string[];

  @Column({ name: 'runnable_steps', type: 'jsonb' })
  runnableSteps: [workflow: string, step: string][];

  @Column({ type: 'integer' })
  capacity: number;

  @Column({ type: 'integer' })
  running: number;

  @Column({ name: 'heartbeat_timeout_ms', type: 'integer' })
  heartbeatTimeoutMs: number;

  @Column({ name: 'visibility_timeout_ms', type: 'integer' })
  visibilityTimeoutMs: number;

  @Column({ name: 'leader_token', type: 'bigint', nullable: true, transformer: exactNumber })
  leaderToken: number | null;

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt: Date;

  @Column({ name: 'last_heartbeat_at', type: 'timestamptz' })
  lastHeartbeatAt: Date;

  @Column({ name: 'deprecated_at', type: 'timestamptz', nullable: true })
  deprecatedAt: Date | null;

  @Column({ name: 'stopped_at', type: 'timestamptz', nullable: true })
  stoppedAt: Date | null;

  @Column({ name: 'expired_at', type: 'timestamptz', nullable: true })
  expiredAt: Date | null;

  @Column({ name: 'tasks_requeued_at', type: 'timestamptz', nullable: true })
  tasksRequeuedAt: Date | null;
}
