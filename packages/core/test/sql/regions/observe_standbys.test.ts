// Who copies a server, as far as one without standbys can tell; with a real standby and an archive of the log: test/regions/standby-slots.links.test.ts.
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const SLOT = 'observe_standbys';

interface Observed {
  standbys: { slot: string; connected: boolean; streaming: boolean; awayMs: number | null; lost: boolean }[];
  awaited: boolean;
  visible: boolean;
}
const observe = async () => {
  const [row] = await db.as('workflow_monitor').call<{ observe_standbys: Observed }>('observe_standbys');
  return row!.observe_standbys;
};
const standby = async () => (await observe()).standbys.find(({ slot }) => slot === SLOT);

it('knows a physical slot that nobody uses, and since when; no logical one', async () => {
  expect(await standby()).toBeUndefined();
  await db.sql(`select pg_create_physical_replication_slot($1)`, [SLOT]);
  try {
    const first = await standby();
    expect(first).toMatchObject({ connected: false, streaming: false, lost: false });
    await db.clock.freeze();
    const { awayMs } = (await standby())!;
    await db.clock.advance(7_000);
    expect((await standby())!.awayMs).toBe(awayMs! + 7_000);
  } finally {
    await db.sql(`select pg_drop_replication_slot($1)`, [SLOT]);
  }
});

it('commits wait for nobody here, and connections can be seen', async () => {
  expect(await observe()).toMatchObject({ awaited: false, visible: true });
});
