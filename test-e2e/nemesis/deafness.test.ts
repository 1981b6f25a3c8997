import { waitFor } from '@singularity-workflow/testkit';
import { Client } from 'pg';
import { useTestDatabase } from '@singularity-workflow/testkit';
import { Deafness } from './deafness.js';

const db = useTestDatabase();

async function connected(url: string): Promise<{ client: Client; heard: string[] }> {
  const client = new Client({ connectionString: url });
  const heard: string[] = [];
  client.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await client.connect();
  await client.query('listen ears');
  return { client, heard };
}

it('passes everything on but notifications', async () => {
  const deafness = await Deafness.before(db.url());
  const [deaf, hearing] = [await connected(deafness.through(db.url())), await connected(db.url())];
  try {
    await deaf.client.query(`select pg_notify('ears', 'here I am')`);
    await waitFor(() => hearing.heard.length > 0, { until: 'it is heard beside it' });
    await waitFor(() => deafness.swallowed > 0, { until: 'it is swallowed' });
    const { rows } = await deaf.client.query<{ length: number }>(
      `select length(repeat('x', 1000000)) as length, repeat('y', 1000000) as text`,
    );
    expect(rows[0]).toMatchObject({ length: 1_000_000 });
    await expect(deaf.client.query('select 1/0')).rejects.toThrow('division by zero');
    expect(deaf.heard).toEqual([]);
    expect(hearing.heard).toEqual(['here I am']);
  } finally {
    await deaf.client.end();
    await hearing.client.end();
    await deafness.close();
  }
});
