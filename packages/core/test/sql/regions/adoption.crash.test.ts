import { assertLaws } from '@singularity-workflow/testkit';
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;

describe('adoption of a group', () => {
  it('survives a crash that empties the queues between two of its parts, and their rebuild', async () => {
    const tenant = homes.tenantOf('b');
    await db.make.define('w', 'a');
    for (let i = 0; i < 4; i += 1) await db.make.start('w', {}, { tenant_id: tenant });
    await homes.becomeReplica();
    await homes.move(2, 'here', tenant);
    const token = await homes.token();
    await db.call('find_runs_to_adopt', [token, 1_000]);
    await db.call('adopt_chunk', [token, 6]);
    await db.make.forgetUnlogged();
    await db.make.rebuild();
    await homes.adopt({ rowsMax: 6 });
    expect(await (await db.make.worker()).claim()).toHaveLength(4);
    await assertLaws(db);
  });
});
