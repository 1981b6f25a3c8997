// Runs that are started at a router of our choice, and nowhere else: once, without repetition.
import type { AcknowledgedRun } from '../../checker/region-laws.js';
import type { PlanetTrial } from './planet-trial.js';

export interface Where {
  readonly key: string;
  /** At whose router a tenant's run is started. */
  readonly homeOf: (tenant: string) => string;
}

/**
 * A run of each of these tenants, with this key. Answers what was acknowledged; the trial remembers it. Where the home has not adopted the tenant's group
 * yet, its router takes a request: the run that it becomes has its id, unless one that arrives late has the key by then.
 */
export async function submitOneEach(trial: PlanetTrial, tenants: readonly string[], { key, homeOf }: Where): Promise<AcknowledgedRun[]> {
  const answers = await Promise.all(
    tenants.map(async (tenant): Promise<AcknowledgedRun[]> => {
      const wanted = { key, workflow: 'e2e-chain', tenant, input: { n: trial.nth } };
      const request = { tenant_id: tenant, workflow: wanted.workflow, input: wanted.input, idempotency_key: key };
      const [result] = await trial.planet
        .at(homeOf(tenant))
        .client.startBatch([request])
        .catch(() => []);
      if (!result?.run_id) return [];
      return [{ ...wanted, runId: result.run_id, promised: result.outcome === 'requested' ? 'requested' : 'local' }];
    }),
  );
  const runs = answers.flat();
  trial.acknowledged(runs);
  return runs;
}
