// scripts/up.mjs as a newcomer meets it: PORT=0, a data folder of its own.
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@singularity-workflow/testkit';
import { Launcher } from '../harness/launcher.js';
import { say } from '../harness/load.js';
import { moment } from '../harness/moment.js';
import { isAlive } from '../harness/processes.js';
import { Warden } from '../harness/warden.js';

let warden: Warden;
let dataDir: string;

beforeEach(() => {
  warden = new Warden();
  dataDir = mkdtempSync(join(tmpdir(), 'workflow-start-'));
  chmodSync(dataDir, 0o755); // the server's account must be able to enter
});
afterEach(async () => {
  await warden.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('prints a curl line that works; starts again on its data after kill -9 of the launcher; stops all on Ctrl-C', async () => {
  const startedAt = moment();
  const first = new Launcher(warden, dataDir);
  const left = await first.ready();
  say(`npm start, warm: ready after ${((moment() - startedAt) / 1_000).toFixed(1)} s`);
  const run = first.paste() as { run_id: string; status: string };
  expect(run).toMatchObject({ status: 'completed' });
  const rival = new Launcher(warden, dataDir);
  expect(await rival.exited).toMatchObject({ code: 1 });
  expect(rival.said).toContain(`a region already runs on ${dataDir}: process ${left.launcher.pid}`);

  first.signal('SIGKILL');
  await first.exited;
  const second = new Launcher(warden, dataDir);
  const { services } = await second.ready();
  expect(second.said).toContain('an earlier start was killed and left');
  expect(Object.values(left.services).filter(({ pid }) => isAlive(pid))).toEqual([]);
  const again = await fetch(`${services['router']!.url}/api/workflows/${run.run_id}`);
  expect(await again.json()).toMatchObject({ run_id: run.run_id, status: 'completed' });
  expect(second.paste()).toMatchObject({ status: 'completed' });

  const pids = [...Object.values(services).map(({ pid }) => pid), second.postgresPid()];
  second.signal('SIGINT');
  expect(await second.exited).toEqual({ code: 0, signal: null });
  await waitFor(() => !pids.some(isAlive), { until: 'services and server are gone' });
  expect(existsSync(join(dataDir, 'region.json'))).toBe(false);
});

it('names the port that is taken, and what to do', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = holder.address() as AddressInfo;
    const launcher = new Launcher(warden, dataDir, { PORT: String(Math.min(port, 65_532)) });
    expect(await launcher.exited).toEqual({ code: 1, signal: null });
    expect(launcher.said).toMatch(new RegExp(`^port .*\\b${port} \\(.* is taken by another program; PORT=5000 moves all four services`));
  } finally {
    holder.close();
  }
});
