// Schedules: workflows that the clock starts. A schedule is named within its tenant.
import { WorkflowApiError } from './errors.js';
import type { CallOptions } from './client.js';
import type { Transport } from './transport.js';
import type * as wire from './types.js';

export class ScheduleCalls {
  constructor(private readonly transport: Transport) {}

  /** Makes a schedule. The same one again is answered as it stands. */
  create(schedule: wire.CreateSchedule, { signal }: CallOptions = {}): Promise<wire.Schedule> {
    return this.transport.call({ method: 'POST', path: 'schedules', body: schedule, signal });
  }

  /** By tenant and name, without their inputs. */
  list({ tenant_id, workflow, paused, limit, cursor }: wire.ListSchedules = {}, { signal }: CallOptions = {}): Promise<wire.SchedulePage> {
    const query = { tenant_id, workflow, paused: paused === undefined ? undefined : String(paused), limit, cursor };
    return this.transport.call({ method: 'GET', path: 'schedules', query, signal });
  }

  get(tenantId: string, name: string, { signal }: CallOptions = {}): Promise<wire.Schedule> {
    return this.transport.call({ method: 'GET', path: pathOf(name), query: { tenant_id: tenantId }, signal });
  }

  /** What is left out stays. */
  update(tenantId: string, name: string, change: wire.ChangeSchedule, { signal }: CallOptions = {}): Promise<wire.Schedule> {
    return this.transport.call({ method: 'PUT', path: pathOf(name), query: { tenant_id: tenantId }, body: change, signal });
  }

  /** No slot fires until `resume`. */
  pause(tenantId: string, name: string, options: CallOptions = {}): Promise<wire.Schedule> {
    return this.update(tenantId, name, { paused: true }, options);
  }

  /** Goes on with the first slot from now on: those of the pause are not made up for. */
  resume(tenantId: string, name: string, options: CallOptions = {}): Promise<wire.Schedule> {
    return this.update(tenantId, name, { paused: false }, options);
  }

  /** Starts one run now; its slots are not touched. Without a key the call gets one, so that it is one run however often it is sent. */
  run(
    tenantId: string,
    name: string,
    { idempotencyKey = crypto.randomUUID(), signal }: CallOptions & { readonly idempotencyKey?: string } = {},
  ): Promise<wire.ScheduleRun> {
    const body = { idempotency_key: idempotencyKey };
    return this.transport.call({ method: 'POST', path: `${pathOf(name)}/run`, query: { tenant_id: tenantId }, body, signal });
  }

  /** Its runs stay. */
  async delete(tenantId: string, name: string, { signal }: CallOptions = {}): Promise<void> {
    try {
      await this.transport.call<undefined>({ method: 'DELETE', path: pathOf(name), query: { tenant_id: tenantId }, signal });
    } catch (error) {
      // An earlier try, whose answer was lost, has deleted it.
      if (!(error instanceof WorkflowApiError) || error.code !== 'schedule_not_found' || error.tries === 1) throw error;
    }
  }
}

function pathOf(name: string): string {
  return `schedules/${encodeURIComponent(name)}`;
}
