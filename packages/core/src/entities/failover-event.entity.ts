import { Column, Entity, PrimaryColumn } from 'typeorm';
import { exactNumber } from './exact-number.js';

/** A decision about who works or leads. */
@Entity({ schema: 'workflow', name: 'failover_events', synchronize: false })
export class FailoverEventEntity {
  @PrimaryColumn({ name: 'event_id', type: 'bigint', transformer: exactNumber })
  eventId: number;

  @Column({ name: 'occurred_at', type: 'timestamptz' })
  occurredAt: Date;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'text' })
  subject: string;

  @Column({ type: 'text', nullable: true })
  former: string | null;

  @Column({ type: 'text', nullable: true })
  successor: string | null;

  @Column({ type: 'text' })
  reason: string;

  @Column({ name: 'without_ms', type: 'bigint', nullable: true, transformer: exactNumber })
  withoutMs: number | null;

  @Column({ type: 'text', nullable: true })
  cause: string | null;

  @Column({ name: 'recorded_by', type: 'uuid', nullable: true })
  recordedBy: string | null;
}
