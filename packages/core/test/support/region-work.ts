// Work for a mesh: runs of many tenants, each started where its tenant is at home, and a worker in each region that executes what is at home there. It goes
// on until it is stopped; what it was told is written down.
import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@singularity-workflow/testkit';
import type { LinkedRegion } from './linked-regions.js';

export interface AcceptedRun {
  readonly runId: string;
  readonly tenant: string;
}

const PAUSE_MS = 20;
const PATIENCE_MS = 120_000;

export class RegionWork {
  /** That were acknowledged. */
  readonly runs: AcceptedRun[] = [];
  /** `run:step` -> regions where a report of it was accepted. */
  readonly accepted = new Map<string, string[]>();
  /** Regions -> tenants of whom something was executed there. */
  readonly executed = new Map<string, Set<string>>();
  private stopping = false;
  private submitted: Promise<void> = Promise.resolve();
  private working: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly regions: readonly LinkedRegion[],
    private readonly tenants: readonly string[],
  ) {}

  start(): void {
    this.submitted = this.submit();
    this.working = Promise.all([this.submitted, ...this.regions.map((region) => this.execute(region))]);
    this.working.catch(() => undefined); // stop says it
  }

  /** Until so many more runs were acknowledged. */
  async more(count: number): Promise<void> {
    const enough = this.runs.length + count;
    await waitFor(() => this.runs.length >= enough, { until: `${count} more runs are acknowledged`, timeoutMs: PATIENCE_MS });
  }

  /** Ends when every run has ended, as its home says. */
  async stop(): Promise<void> {
    const open = async (): Promise<number> => {
      const ids = this.runs.map(({ runId }) => runId);
      const ended = await Promise.all(
        this.regions.map(({ db }) =>
          db.sql<{ id: string }>(
            `select r.run_id as id from workflow.workflow_runs r
               join workflow.placement p on p.placement_group = workflow.group_of_row(r.tenant_id, r.placement_group) and p.member_id = workflow.own_member()
              where r.run_id = any ($1) and r.status = 'completed' and r.home_epoch <= p.tenure`,
            [ids],
          ),
        ),
      );
      return ids.length - new Set(ended.flat().map(({ id }) => id)).size;
    };
    this.submitting = false;
    await this.submitted; // one more may be on its way: it counts, and wants workers
    await waitFor(async () => (await open()) === 0, { until: 'every acknowledged run has ended', timeoutMs: PATIENCE_MS, everyMs: 100 });
    this.stopping = true;
    await this.working;
  }

  private submitting = true;

  private async submit(): Promise<void> {
    for (let n = 0; this.submitting; n += 1) {
      const tenant = this.tenants[n % this.tenants.length]!;
      const runId = await this.accept({ tenant_id: tenant, workflow: 'w', idempotency_key: `work-${n}` });
      this.runs.push({ runId, tenant });
      await pause(PAUSE_MS);
    }
  }

  /** Asks all regions until one of them is the home. */
  private accept(request: { tenant_id: string; workflow: string; idempotency_key: string }): Promise<string> {
    const askAll = async (): Promise<string | null> => {
      for (const { db } of this.regions) {
        const [answer] = await db.make.startAll([request]);
        if (answer!.outcome === 'created' || answer!.outcome === 'existing') return answer!.run_id;
      }
      return null;
    };
    return waitFor(askAll, { until: `a run of ${request.tenant_id} is started at its home`, timeoutMs: PATIENCE_MS, everyMs: PAUSE_MS });
  }

  private async execute({ region, db }: LinkedRegion): Promise<void> {
    const worker = await db.make.worker();
    while (!this.stopping) {
      const tasks = await worker.claim();
      const answers = await worker.completeAll(tasks.map((task) => [task, region]));
      for (const { ordinal, verdict } of answers) {
        const task = tasks[ordinal - 1]!;
        if (verdict !== 'accepted') continue;
        const name = `${task.run_id}:${task.step_slug}`;
        this.accepted.set(name, [...(this.accepted.get(name) ?? []), region]);
        this.executed.set(region, (this.executed.get(region) ?? new Set()).add(task.tenant_id));
      }
      if (tasks.length === 0) await pause(PAUSE_MS);
    }
  }
}
