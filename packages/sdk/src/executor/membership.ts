// This executor's row in workflow_workers. A worker id is used once: one that was judged dead or stopped comes back under another.
import { hostname } from 'node:os';
import { isWorkflowError, logEvent, type DefinitionStore, type Logger, type WorkerStore } from '@singularity-workflow/core';
import type { HandlerRegistry } from './handler-registry.js';
import type { ExecutorSettings } from './settings.js';

export class Membership {
  private currentId: string;
  private rejoining: Promise<void> | undefined;

  constructor(
    private readonly settings: ExecutorSettings,
    private readonly workers: WorkerStore,
    private readonly logger: Logger,
  ) {
    this.currentId = settings.workerId;
  }

  get workerId(): string {
    return this.currentId;
  }

  /** Stores the definitions, so that runs of them can be started, and tells the registry under which ids. */
  async define(definitions: DefinitionStore, registry: HandlerRegistry): Promise<void> {
    for (const workflow of registry.workflows) {
      const { definitionId, slug, version, activated, created } = await definitions.register(workflow.definition);
      registry.registered(workflow, definitionId);
      if (created || activated) logEvent(this.logger, 'definition_registered', { slug, version, definitionId, activated });
    }
  }

  async join(registry: HandlerRegistry): Promise<void> {
    try {
      await this.register(this.currentId, registry);
      logEvent(this.logger, 'worker_registered', { workerId: this.currentId, again: false });
    } catch (error) {
      if (!isWorkflowError(error, 'worker_unknown')) throw error;
      await this.joinAnew(registry); // the id that was configured has had its life
    }
  }

  /** `formerId` was judged dead: told once, however many learn it at the same time. */
  rejoin(formerId: string, registry: HandlerRegistry, onLost: () => void): Promise<void> {
    if (formerId !== this.currentId) return Promise.resolve();
    if (this.rejoining === undefined) {
      onLost();
      this.rejoining = this.joinAnew(registry).finally(() => {
        this.rejoining = undefined;
      });
    }
    return this.rejoining;
  }

  /** It is nobody at the moment. */
  get isRejoining(): boolean {
    return this.rejoining !== undefined;
  }

  private async joinAnew(registry: HandlerRegistry): Promise<void> {
    const workerId = crypto.randomUUID();
    await this.register(workerId, registry);
    this.currentId = workerId;
    logEvent(this.logger, 'worker_registered', { workerId, again: true });
  }

  /** First step of a drain. */
  async deprecate(): Promise<void> {
    if (await this.workers.deprecate(this.currentId)) logEvent(this.logger, 'worker_deprecated', { workerId: this.currentId });
  }

  /** Last step of a drain. */
  async leave(): Promise<void> {
    if (await this.workers.stop(this.currentId)) logEvent(this.logger, 'worker_stopped', { workerId: this.currentId });
  }

  private async register(workerId: string, registry: HandlerRegistry): Promise<void> {
    const { region, address, version, queues, concurrency, heartbeatTimeoutMs, visibilityTimeoutMs, orchestrator } = this.settings;
    await this.workers.register({
      workerId,
      app: 'executor',
      region,
      host: hostname(),
      pid: process.pid,
      version,
      ...(address !== undefined && { address }),
      ...(orchestrator !== undefined && { role: orchestrator.role, orchestratorGroup: orchestrator.group }),
      queues,
      runnableSteps: registry.runnableSteps,
      capacity: concurrency,
      heartbeatTimeoutMs,
      visibilityTimeoutMs,
    });
  }
}
