import { Column, Entity, PrimaryColumn } from 'typeorm';
import { exactNumber } from './exact-number.js';

/** Who may act on a name, until when by the database's clock. */
@Entity({ schema: 'workflow', name: 'leases', synchronize: false })
export class LeaseEntity {
  @PrimaryColumn({ type: 'text' })
  name: string;

  @Column({ type: 'uuid' })
  holder: string;

  @Column({ type: 'bigint', transformer: exactNumber })
  token: number;

  @Column({ name: 'acquired_at', type: 'timestamptz' })
  acquiredAt: Date;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;

  @Column({ name: 'holder_group', type: 'text', nullable: true })
  holderGroup: string | null;

  @Column({ name: 'command_id', type: 'uuid', nullable: true })
  commandId: string | null;

  @Column({ name: 'without_ms', type: 'bigint', nullable: true, transformer: exactNumber })
  withoutMs: number | null;
}
