// What a region tells of its suspicions in failover_events (note_suspicions).
import { useTestMesh } from '@singularity-workflow/testkit';
import { entry, learn, round, rounds, suspect, takeover } from './support.js';

const mesh = useTestMesh(['asia', 'eu', 'us']);
const now = (epoch: number, value: object) => ({ ...entry(epoch, value), decided_at: new Date().toISOString() });

interface Told {
  kind: string;
  subject: string;
  reason: string;
  without_ms: number | null;
  recorded_by: string | null;
}
const told = (at: string) =>
  mesh
    .at(at)
    .db.sql<Told>(
      `select kind, subject, reason, without_ms::int, recorded_by from workflow.failover_events where kind like 'member\\_%' order by event_id`,
    );
const monitorOf = async (at: string) =>
  (await mesh.at(at).db.sql<{ holder: string }>(`select holder from workflow.leases where name = 'failover-monitor'`))[0]!.holder;

beforeEach(() => mesh.found());

it('a suspicion, when it begins and when it ends', async () => {
  await rounds(mesh);
  await suspect(mesh, 'us', 'eu');
  await suspect(mesh, 'us', 'eu');
  await round(mesh, 'us');
  await mesh.own('eu', 'suspect', ['[]']);
  expect(await told('eu')).toMatchObject([
    {
      kind: 'member_suspected',
      subject: 'us',
      reason: expect.stringMatching(/^eu suspects us: it was granted no lease from here for \d+ ms$/) as string,
      recorded_by: await monitorOf('eu'),
    },
    { kind: 'member_trusted', subject: 'us', reason: 'eu suspects us no more: it was granted a lease again' },
  ]);
});

it('a suspicion once, though it comes and goes with whoever else answers, until the member has a lease again', async () => {
  await rounds(mesh);
  const trust = () => mesh.own('eu', 'suspect', ['[]']);
  for (let times = 0; times < 5; times += 1) {
    await suspect(mesh, 'us', 'eu');
    await trust();
  }
  expect(await told('eu')).toMatchObject([{ kind: 'member_suspected', subject: 'us' }]);
  await round(mesh, 'us');
  await trust();
  await trust();
  await suspect(mesh, 'us', 'eu');
  expect((await told('eu')).slice(1)).toMatchObject([
    { kind: 'member_trusted', reason: 'eu suspects us no more: it was granted a lease again' },
    { kind: 'member_suspected', subject: 'us' },
  ]);
});

it('no more suspicion of whom everything was taken from', async () => {
  await rounds(mesh);
  await suspect(mesh, 'us', 'eu');
  const groups = await mesh
    .at('eu')
    .db.sql<{ group: string }>(`select placement_group as group from workflow.placement where region = 'us'`);
  await learn(mesh, 'eu', [now(2, takeover(mesh, 'us', Object.fromEntries(groups.map(({ group }) => [group, 'eu']))))]);
  await mesh.own('eu', 'suspect', ['[]']);
  expect((await told('eu')).slice(1)).toMatchObject([
    { kind: 'member_trusted', subject: 'us', reason: 'eu suspects us no more: it holds no group any more' },
  ]);
});

it('a suspicion of whom it never granted a lease', async () => {
  await suspect(mesh, 'us', 'eu');
  expect(await told('eu')).toMatchObject([
    { kind: 'member_suspected', reason: 'eu suspects us: it was never granted a lease from here', without_ms: null },
  ]);
});
