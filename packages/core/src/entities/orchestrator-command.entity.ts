import { Column, Entity, PrimaryColumn } from 'typeorm';
import { exactNumber } from './exact-number.js';

/** What an operator asked of the orchestrators, and what became of it. */
@Entity({ schema: 'workflow', name: 'orchestrator_commands', synchronize: false })
export class OrchestratorCommandEntity {
  @PrimaryColumn({ name: 'command_id', type: 'uuid' })
  commandId: string;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text', nullable: true })
  lease: string | null;

  @Column({ name: 'worker_id', type: 'uuid', nullable: true })
  workerId: string | null;

  @Column({ name: 'target_group', type: 'text', nullable: true })
  targetGroup: string | null;

  @Column({ name: 'drain_ms', type: 'integer' })
  drainMs: number;

  @Column({ name: 'requested_at', type: 'timestamptz' })
  requestedAt: Date;

  @Column({ name: 'requested_by', type: 'text', nullable: true })
  requestedBy: string | null;

  @Column({ type: 'text' })
  reason: string;

  @Column({ name: 'overdue_at', type: 'timestamptz' })
  overdueAt: Date;

  @Column({ type: 'text' })
  state: string;

  @Column({ type: 'text', nullable: true })
  outcome: string | null;

  @Column({ type: 'bigint', nullable: true, transformer: exactNumber })
  token: number | null;

  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}
