import { useTestDatabase } from '@singularity-workflow/testkit';
import { ensureRegionPeer } from '../../src/migrate/index.js';
import { Database, DecisionStore } from '../../src/store/index.js';

const db = useTestDatabase();
const PASSWORD = 'a-password-of-the-test';

function addressOf(): string {
  const url = new URL(db.url());
  url.username = 'region_peer';
  url.password = PASSWORD;
  return url.href;
}

describe('the login of other regions', () => {
  it('calls the decision plane, reads no table and writes none', async () => {
    await ensureRegionPeer({ adminUrl: db.url(), password: PASSWORD });
    await ensureRegionPeer({ adminUrl: db.url(), password: PASSWORD });
    const peer = new Database({ url: addressOf(), poolSize: 1 });
    try {
      expect(await new DecisionStore(peer).log(0)).toMatchObject({ mesh_id: null, last_epoch: 0, filled: false, entries: [] });
      for (const text of ['select * from workflow.mesh', 'select * from workflow.workflow_runs', 'delete from workflow.topology']) {
        await expect(peer.query(text)).rejects.toMatchObject({ code: '42501' });
      }
      await expect(peer.callSql('begin_round', [1, 5_000])).rejects.toMatchObject({ code: '42501' });
    } finally {
      await peer.close();
    }
  });

  it('needs a password worth the name', async () => {
    await expect(ensureRegionPeer({ adminUrl: db.url(), password: 'short' })).rejects.toMatchObject({ code: 'invalid_config' });
  });
});
