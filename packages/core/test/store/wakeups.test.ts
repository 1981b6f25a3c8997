import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { Wakeups } from '../../src/store/index.js';
import { LendingPooler } from '../support/lending-pooler.js';

const server = useTestDatabase();

describe('wake-ups', () => {
  const open: Wakeups[] = [];

  function wakeupsOf(url = server.url(), applicationName = 'under test'): Wakeups {
    const wakeups = new Wakeups({ url, applicationName });
    open.push(wakeups);
    return wakeups;
  }

  afterEach(async () => {
    await Promise.all(open.splice(0).map((wakeups) => wakeups.close()));
  });

  async function listening(queues: string[], url = server.url()): Promise<{ wakeups: Wakeups; woken: string[] }> {
    const wakeups = wakeupsOf(url);
    const woken: string[] = [];
    wakeups.listen(queues, (queue) => woken.push(queue));
    await waitFor(() => wakeups.connected, { until: 'it listens' });
    woken.length = 0; // each connect wakes once: something may have been missed
    return { wakeups, woken };
  }

  it('reach those who listen to the queue, and nobody else', async () => {
    const { woken } = await listening(['orders', 'default']);
    const sender = wakeupsOf();
    sender.notify(['bills', 'orders']);
    sender.notify(null);
    sender.notify([]);
    await waitFor(() => woken.length > 0);
    sender.notify(['default']);
    await waitFor(() => woken.includes('default'));
    expect(woken).toEqual(['orders', 'default']);
  });

  it('of one queue within a moment are at most two: the first, and one for all that followed', async () => {
    const { woken } = await listening(['default', 'end']);
    const sender = wakeupsOf();
    sender.start();
    await waitFor(() => sender.connected);
    for (let n = 0; n < 1_000; n += 1) sender.notify(['default']);
    sender.notify(['end']);
    await waitFor(() => woken.includes('end'));
    expect(woken.filter((queue) => queue === 'default').length).toBeLessThanOrEqual(2);
    expect(woken).toContain('default');
  });

  it('reach who listens by the same object at once, without the database, and once', async () => {
    const { wakeups, woken } = await listening(['default']);
    wakeups.notify(['default']);
    expect(woken).toEqual(['default']);
    wakeupsOf().notify(['default']); // comes after the own one, were that told again
    await waitFor(() => woken.length > 1);
    expect(woken).toEqual(['default', 'default']);
  });

  it('wait for no disk: what they are about has long been committed', async () => {
    const { woken } = await listening(['default']);
    const sender = wakeupsOf(server.url(), 'hasty');
    sender.notify(['default']);
    await waitFor(() => woken.length === 1);
    const [last] = await server.sql<{ query: string }>(`select query from pg_stat_activity where application_name = 'hasty wakeups'`);
    expect(last!.query).toMatch(/set_config\('synchronous_commit', 'off', true\), pg_notify/);
  });

  it('come again after the connection was cut, with one wake-up for what was missed', async () => {
    const { woken } = await listening(['default']);
    await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'under test wakeups'`);
    await waitFor(() => woken.length === 1, { until: 'it listens again and says so' });
    wakeupsOf().notify(['default']);
    expect(await waitFor(() => woken.length === 2)).toBe(true);
  });

  it('are known to arrive soon after the connection stands, though nobody has work, and known anew when it was cut', async () => {
    const { wakeups, woken } = await listening(['default']);
    await waitFor(() => wakeups.arriving);
    await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'under test wakeups'`);
    await waitFor(() => woken.length === 1, { until: 'it listens again and says so' });
    await waitFor(() => wakeups.arriving);
    expect(woken).toEqual(['default']);
  });

  it('are not known to arrive where they come only while a query is answered, as behind a pooler that lends sessions out', async () => {
    const pooler = await LendingPooler.before(server.url());
    const { wakeups } = await listening(['default'], pooler.url);
    await waitFor(() => pooler.swallowed > 0, { until: 'the one that it sends itself over another connection' });
    const before = pooler.passed;
    wakeups.notify(['default']); // comes back within the answer
    await waitFor(() => pooler.passed > before);
    expect(wakeups.arriving).toBe(false);
    await wakeups.close();
    await pooler.close();
  });

  it('end when their listener does', async () => {
    const wakeups = wakeupsOf();
    const [kept, ended]: [string[], string[]] = [[], []];
    wakeups.listen(['default'], (queue) => kept.push(queue));
    const stop = wakeups.listen(['default'], (queue) => ended.push(queue));
    await waitFor(() => wakeups.connected && kept.length > 0);
    stop();
    ended.length = 0;
    const before = kept.length;
    wakeups.notify(['default']);
    await waitFor(() => kept.length > before);
    expect(ended).toEqual([]);
  });

  it('degrade to nothing where no database answers, without an error', async () => {
    const lost = wakeupsOf('postgres://nobody:nothing@127.0.0.1:1/none');
    lost.listen(['default'], () => undefined);
    lost.notify(['default']);
    await lost.close();
    expect(lost.connected).toBe(false);
  });

  it('that are pending are sent before it closes', async () => {
    const { woken } = await listening(['default']);
    const sender = wakeupsOf();
    sender.notify(['default']);
    await sender.close();
    expect(await waitFor(() => woken.length === 1)).toBe(true);
  });
});
