// A hot standby of a server that a test has stopped: a copy of its data, started as its replica. Told what to do by testkit's StandbyServer over Node's
// IPC channel; in a process of its own for the reason that crashable-server.mjs gives.
import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../scripts/pg.mjs';

/** What belongs to the server that was copied, not to its data. */
const NOT_COPIED = ['postmaster.pid', 'postmaster.opts', 'launcher.json', 'server.log'];

const { source, settings } = JSON.parse(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), 'workflow-standby-'));
const dataDir = join(folder, 'data');
let server = null;

const commands = {
  /** Only while the source is stopped: its files are whole then. */
  copy: () => {
    execFileSync('cp', ['-a', source, dataDir]);
    execFileSync('chmod', ['755', folder]); // the server's account must be able to enter
    for (const name of NOT_COPIED) rmSync(join(dataDir, name), { force: true });
    const slots = join(dataDir, 'pg_replslot');
    for (const name of readdirSync(slots)) rmSync(join(slots, name), { recursive: true }); // the source's, for its own peers
    const signal = join(dataDir, 'standby.signal');
    writeFileSync(signal, '');
    const { uid, gid } = statSync(dataDir);
    if (process.getuid?.() === 0) chownSync(signal, uid, gid);
  },
  start: async () => {
    server = await startPostgres({ dataDir, ephemeral: false, settings: { fsync: 'off', ...settings } });
    return server.url();
  },
  stop: () => server.stop('SIGINT'),
};

process.on('message', async ({ id, command }) => {
  try {
    process.send({ id, result: (await commands[command]()) ?? null });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.once('disconnect', async () => {
  await server?.stop('SIGQUIT');
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
});
