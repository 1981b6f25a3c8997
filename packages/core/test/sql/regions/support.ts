// A round of grants, a suspicion and a seal as a monitor would make them, call by call.
import type { TestMesh } from '@singularity-workflow/testkit';

export const LEASE_MS = 60_000;

export interface Round {
  epoch: number;
  round: number;
  lease_live: boolean;
}

export interface Grant {
  granted: boolean;
  reason: string | null;
  status: string;
  last_round: number;
  last_epoch: number;
}

export interface Settled {
  won: boolean;
  left_ms: number | null;
  reason: string | null;
}

export const begin = (mesh: TestMesh, region: string) => mesh.own<Round>(region, 'begin_round', [LEASE_MS]);

export const ask = (mesh: TestMesh, [from, to]: readonly [string, string], { epoch, round, lease_live }: Round) =>
  mesh.ask<Grant>('grant_lease', [from, to], [epoch, round, { lease_live, lease_ms: LEASE_MS, schema_version: 1 }]);

export const settle = (mesh: TestMesh, region: string, { round }: Round, answers: Readonly<Record<string, Grant>>) => {
  const given = Object.entries(answers).map(([to, grant]) => ({
    member_id: mesh.at(to).memberId,
    granted: grant.granted,
    last_round: grant.last_round,
  }));
  return mesh.own<Settled>(region, 'settle_lease', [round, JSON.stringify(given)]);
};

/** A whole round of `region`, which reaches `reached` (default: all). */
export async function round(mesh: TestMesh, region: string, reached = mesh.regions.map((one) => one.region)): Promise<Settled> {
  const begun = await begin(mesh, region);
  const answers: Record<string, Grant> = {};
  for (const to of reached) answers[to] = await ask(mesh, [region, to], begun);
  return settle(mesh, region, begun, answers);
}

/** Two rounds of everybody: nobody grants to whom he has not reached, so the first one makes acquaintance only. */
export async function rounds(mesh: TestMesh): Promise<void> {
  for (let times = 0; times < 2; times += 1) for (const { region } of mesh.regions) await round(mesh, region);
}

export async function grantsTo(mesh: TestMesh, member: string, at: string): Promise<number> {
  const rows = await mesh
    .at(at)
    .db.sql<{ grants: number }>('select grants from workflow.lease_grants where member_id = $1', [mesh.at(member).memberId]);
  return rows[0]?.grants ?? 0;
}

/** `at` suspects `member`; `grantsSeen` is what its monitor counted, by default what is true. */
export async function suspect(
  mesh: TestMesh,
  member: string,
  at: string,
  more: { granting?: boolean; withhold?: boolean } = {},
): Promise<void> {
  const suspicion = {
    member_id: mesh.at(member).memberId,
    grants_seen: await grantsTo(mesh, member, at),
    granting: false,
    withhold: false,
    ...more,
  };
  await mesh.own(at, 'suspect', [JSON.stringify([suspicion])]);
}

/** `at` seals `member` for its next epoch, with ranks. */
export async function seal(mesh: TestMesh, member: string, at: string, epoch: number): Promise<void> {
  const { memberId } = mesh.at(member);
  await suspect(mesh, member, at);
  await mesh.own(at, 'begin_seal', [memberId, epoch, await grantsTo(mesh, member, at)]);
  await mesh.own(at, 'end_link_worker', [memberId, false]);
  await mesh.own(at, 'finish_seal', [memberId, epoch]);
}

export const entry = (epoch: number, value: object) => ({ epoch, value: { version: 1, ...value }, decided_at: '2026-01-01T00:00:00Z' });

export const learn = (mesh: TestMesh, to: string, entries: object[], from = to) =>
  mesh.ask<{ last_epoch: number; status: string }>('learn_topology', [from, to], [JSON.stringify(entries)]);

export const takeover = (mesh: TestMesh, from: string, to: Record<string, string>) => ({
  kind: 'takeover',
  from: mesh.at(from).memberId,
  groups: Object.fromEntries(Object.entries(to).map(([group, heir]) => [group, mesh.at(heir).memberId])),
});
