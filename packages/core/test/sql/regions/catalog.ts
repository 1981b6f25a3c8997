// A mesh of three databases whose decisions the test makes: what a region wishes for goes into the log of those that it names.
import { createHash, randomUUID } from 'node:crypto';
import { json, useTestMesh } from '@singularity-workflow/testkit';
import { entry, learn } from './support.js';

export const REGIONS = ['asia', 'eu', 'us'] as const;
export type Region = (typeof REGIONS)[number];
export const mesh = useTestMesh(REGIONS);
export const at = (region: Region) => mesh.at(region).db;

export interface Registered {
  definition_id: string;
  version: number | null;
  created: boolean;
  activated: boolean;
}
export interface Wish {
  item: Record<string, unknown> | null;
  epoch: number | null;
  outcome: string | null;
}

export const content = (attempts = 3) => ({ slug: 'greet', max_attempts: attempts, steps: [{ slug: 'hello' }] });
export const register = async (region: Region, definition: object = content()) =>
  (await at(region).call<Registered>('register_workflow', [json(definition)]))[0]!;
export const observe = (region: Region) =>
  at(region)
    .as('workflow_monitor')
    .call<Wish>('observe_wishes', [mesh.at(region).token]);

/** What a region's monitor would propose, in spite of links that are not there; learned at `to` as the next epoch. */
export async function decide(region: Region, to: readonly Region[] = REGIONS): Promise<object[]> {
  const rows = await at(region).sql<{ item: object }>('select item from workflow.log_wishes where epoch is null order by wish_id');
  const items = rows.map(({ item }) => item);
  const [last] = await at(to[0]!).sql<{ epoch: number }>('select last_epoch + 1 as epoch from workflow.mesh');
  const value = { kind: 'catalog', by: mesh.at(region).memberId, items };
  for (const one of to) await learn(mesh, one, [entry(last!.epoch, value)]);
  return items;
}

export async function carryDefinitions(from: Region, to: Region): Promise<void> {
  await at(to).sql('select workflow.arm_guards()');
  const rows = await at(from).sql<{ row: object }>('select to_jsonb(d) as row from workflow.workflow_definitions d');
  const session = await at(to).session('admin');
  await session.sql('set session_replication_role = replica');
  for (const { row } of rows)
    await session.sql(
      'insert into workflow.workflow_definitions select n.* from jsonb_populate_record(null::workflow.workflow_definitions, $1) n',
      [JSON.stringify(row)],
    );
  await session.close();
}

export const shown = (region: Region) =>
  at(region).sql('select slug, version, definition_id, active from workflow.workflow_versions order by slug, version');
export const decided = (region: Region) =>
  at(region).sql('select slug, version, definition_id, active, epoch from workflow.decided_versions order by slug, version');
export const outcomes = async (region: Region) =>
  (await at(region).sql<{ outcome: string }>('select outcome from workflow.log_wishes where epoch is not null order by wish_id')).map(
    ({ outcome }) => outcome,
  );

export const key = (role: string, more: object = {}) => ({
  key_id: randomUUID(),
  key_sha256: createHash('sha256').update(randomUUID()).digest('hex'),
  name: 'a key',
  role,
  ...more,
});
export const keysAt = (region: Region) =>
  at(region).sql('select key_id, name, role, tenants, expires_at, revoked_at, epoch from workflow.api_keys order by created_at, key_id');
