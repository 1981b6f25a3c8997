// Who leads, and the operator's commands about it: asked for, and read until they are done.
import { WorkflowApiError } from './errors.js';
import type { CallOptions } from './client.js';
import { pause, type Transport } from './transport.js';
import type * as wire from './types.js';

const LOOK_MS = 200;

export class OrchestratorCalls {
  constructor(private readonly transport: Transport) {}

  /** Leases, groups, what is under way. */
  leaders({ signal }: CallOptions = {}): Promise<wire.Leaders> {
    return this.transport.call({ method: 'GET', below: 'admin', path: 'orchestrator', signal });
  }

  /** Drains a worker or a group, by default the one that leads. */
  stop(whom: wire.StopOrchestrator = {}, options: CallOptions = {}): Promise<wire.OrchestratorCommand> {
    return this.request('stop', whom, options);
  }

  /** Hands the lease over in order, by default to the best standby. */
  promote(whom: wire.PromoteOrchestrator = {}, options: CallOptions = {}): Promise<wire.OrchestratorCommand> {
    return this.request('promote', whom, options);
  }

  /** Raises the token of a lease: everybody must acquire it anew. */
  fence(what: wire.FenceOrchestrator = {}, options: CallOptions = {}): Promise<wire.OrchestratorCommand> {
    return this.request('fence', what, options);
  }

  command(commandId: string, { signal }: CallOptions = {}): Promise<wire.OrchestratorCommand> {
    return this.transport.call({ method: 'GET', below: 'admin', path: `orchestrator/commands/${encodeURIComponent(commandId)}`, signal });
  }

  /** The command once it is done or has failed: it has an end of its own, `overdue_at`, while a monitor lives. */
  async waitFor(commandId: string, options: CallOptions = {}): Promise<wire.OrchestratorCommand> {
    for (;;) {
      const command = await this.command(commandId, options);
      if (command.state !== 'requested') return command;
      await pause(LOOK_MS, options.signal);
    }
  }

  /** Newest first. */
  commands({ limit, cursor }: wire.PageQuery = {}, { signal }: CallOptions = {}): Promise<wire.OrchestratorCommandPage> {
    return this.transport.call({ method: 'GET', below: 'admin', path: 'orchestrator/commands', query: { limit, cursor }, signal });
  }

  /** Who led, who died, what was decided and why; newest first. */
  events({ limit, cursor }: wire.PageQuery = {}, { signal }: CallOptions = {}): Promise<wire.FailoverEventPage> {
    return this.transport.call({ method: 'GET', below: 'admin', path: 'orchestrator/events', query: { limit, cursor }, signal });
  }

  private async request(kind: wire.OrchestratorCommand['kind'], body: object, options: CallOptions): Promise<wire.OrchestratorCommand> {
    try {
      return await this.transport.call({ method: 'POST', below: 'admin', path: `orchestrator/${kind}`, body, signal: options.signal });
    } catch (error) {
      // An earlier try, whose answer was lost, has asked for it.
      if (!(error instanceof WorkflowApiError) || error.code !== 'command_pending' || error.tries === 1) throw error;
      const { command_id: openId } = error.problem as { command_id?: string };
      const open = await this.command(openId ?? '', options);
      if (open.kind !== kind) throw error;
      return open;
    }
  }
}
