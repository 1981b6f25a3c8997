import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which content is which version of a slug; at most one of a slug is active. */
@Entity({ schema: 'workflow', name: 'workflow_versions', synchronize: false })
export class WorkflowVersionEntity {
  @PrimaryColumn({ type: 'text' })
  slug: string;

  @PrimaryColumn({ type: 'integer' })
  version: number;

  @Column({ name: 'definition_id', type: 'uuid' })
  definitionId: string;

  @Column({ type: 'boolean' })
  active: boolean;

  @Column({ name: 'total_steps', type: 'integer' })
  totalSteps: number;

  @Column({ name: 'total_leaves', type: 'integer' })
  totalLeaves: number;

  @Column({ name: 'root_map', type: 'text', nullable: true })
  rootMap: string | null;

  @Column({ name: 'registered_at', type: 'timestamptz' })
  registeredAt: Date;

  @Column({ name: 'activated_at', type: 'timestamptz', nullable: true })
  activatedAt: Date | null;
}
