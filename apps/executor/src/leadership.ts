// Active-passive: this executor claims only while its group leads. The elector asks the database twice a second; here its answers become what the
// executor does: claim, stand by, hand over.
import {
  GroupElector,
  type Config,
  type GroupLeadership,
  type Logger,
  type Metrics,
  type OrchestratorStore,
} from '@singularity-workflow/core';
import type { Executor, ExecutorOptions } from '@singularity-workflow/sdk';

export interface LeadershipParts {
  readonly config: Config;
  readonly orchestrators: OrchestratorStore;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export class Leadership {
  private executor: Executor | null = null;
  private readonly elector: GroupElector;
  private readonly role: 'primary' | 'standby';
  private readonly group: string;

  private constructor({ config, orchestrators, metrics, logger }: LeadershipParts, role: 'primary' | 'standby') {
    this.role = role;
    this.group = config.orchestratorGroup ?? role;
    const name = config.leadershipKey;
    this.elector = new GroupElector({
      group: this.group,
      workerId: () => this.executor?.stats.workerId ?? config.workerId,
      ttlMs: config.leadershipTtlMs,
      orchestrators,
      logger,
      onChange: ({ holder }) => metrics.leader.set({ name }, holder ? 1 : 0),
      onHandOver: (drainMs) => {
        if (drainMs === 0) this.giveBack();
      },
    });
    metrics.leader.set({ name }, 0);
  }

  /** Null where every executor works (TOPOLOGY=single). */
  static of(parts: LeadershipParts): Leadership | null {
    const { topology, orchestratorRole } = parts.config;
    return topology === 'active-passive' && orchestratorRole !== null ? new Leadership(parts, orchestratorRole) : null;
  }

  /** What the executor must know of it. */
  options(): Pick<ExecutorOptions, 'orchestrator' | 'leaderToken' | 'onClaimRefused'> {
    return {
      orchestrator: { role: this.role, group: this.group },
      leaderToken: () => this.elector.token(),
      onClaimRefused: (token) => {
        if (token !== null) this.elector.lost(token);
      },
    };
  }

  /** The executor is registered. */
  start(executor: Executor): void {
    this.executor = executor;
    this.elector.start();
  }

  /** After the executor has drained: its last word, stop_worker, has given the lease up where it was the last of its group. */
  stop(): Promise<void> {
    return this.elector.stop();
  }

  notReady(): string | null {
    return this.elector.healthy ? null : 'the database has not said lately which group leads';
  }

  details(): GroupLeadership & { role: string } {
    return { role: this.role, ...this.elector.details() };
  }

  /** What runs has had its time: others must get it. A drain of the whole process is hastened. */
  private giveBack(): void {
    if (this.executor?.stats.state === 'draining') void this.executor.stop({ hasten: true });
    else this.executor?.giveBack();
  }
}
