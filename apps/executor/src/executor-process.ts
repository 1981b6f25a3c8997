// The sdk's executor as a process of its own: made once this process listens, for it registers with its address; drained when the process stops. An
// operator who drains the worker stops the process.
//
// Limit: what is claimed, run, reported and given back stands in the sdk; this is configuration and wiring.
import { kill, pid } from 'node:process';
import type { Config, Logger } from '@singularity-workflow/core';
import { type Lifecycle, ownVersion } from '@singularity-workflow/core/nest';
import { createExecutor, type Executor, type ExecutorOptions, type ExecutorStats } from '@singularity-workflow/sdk';
import type { Leadership } from './leadership.js';

export interface ExecutorProcessOptions {
  readonly config: Config;
  readonly options: Pick<ExecutorOptions, 'workflows' | 'database' | 'wakeups' | 'logger' | 'metrics'>;
  /** Null: it works whoever leads. */
  readonly leadership: Leadership | null;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
}

export class ExecutorProcess {
  private executor: Executor | null = null;
  private refusal: string | null = null;

  constructor(private readonly parts: ExecutorProcessOptions) {}

  start(address: string): void {
    const { config, options, leadership, lifecycle, logger } = this.parts;
    const executor = createExecutor({ ...settingsOf(config), ...leadership?.options(), ...options, address });
    this.executor = executor;
    const begun = executor.start().then(() => leadership?.start(executor));
    begun.catch((error: Error) => {
      this.refusal = error.message;
      logger.error({ reason: error.message }, `the executor cannot start: ${error.message}`);
    });
    void executor.whenStopped().then(() => {
      if (!lifecycle.draining.aborted) kill(pid, 'SIGTERM');
    });
  }

  async stop(hastened: AbortSignal): Promise<void> {
    const { executor } = this;
    if (executor === null) return;
    hastened.addEventListener('abort', () => void executor.stop({ hasten: true }), { once: true });
    await executor.stop({ hasten: hastened.aborted });
    await this.parts.leadership?.stop();
  }

  /** Why it does not do its job now; null when it is registered and claims. */
  notReady(): string | null {
    if (this.refusal !== null) return this.refusal;
    if (this.executor === null) return 'it does not listen yet';
    const { healthy, state } = this.executor.stats;
    if (healthy) return this.parts.leadership?.notReady() ?? null;
    return state === 'running' ? 'its claims or its heartbeats are not answered' : `it is ${state}`;
  }

  /** Null where every executor works. */
  leadership(): object | null {
    return this.parts.leadership?.details() ?? null;
  }

  details(): ExecutorStats | null {
    return this.executor?.stats ?? null;
  }
}

function settingsOf(config: Config): Omit<ExecutorOptions, 'workflows'> {
  const { queues, concurrency, batchSize, pollIntervalMs, heartbeatIntervalMs, heartbeatTimeoutMs } = config;
  const { visibilityTimeoutMs, drainTimeoutMs, flushIntervalMs, flushSize, quorumTimeoutMs, workerId, region } = config;
  return {
    version: ownVersion(),
    ...(queues.length > 0 && { queues }), // else those that the workflows name
    concurrency,
    batchSize,
    pollIntervalMs,
    heartbeatIntervalMs,
    heartbeatTimeoutMs,
    visibilityTimeoutMs,
    drainTimeoutMs,
    flushIntervalMs,
    flushSize,
    quorumTimeoutMs,
    workerId,
    region,
  };
}
