// A PostgreSQL of its own that a test may crash: started by testkit's CrashableServer, told what to do over Node's IPC channel.
// In a process of its own, for scripts/pg.mjs is an ES module with top-level await, which Jest's CommonJS cannot load.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../scripts/pg.mjs';

// The machine goes on, only the server dies: what was written is kept without fsync, so commits may be as strict as in production.
const settings = { fsync: 'off', ...JSON.parse(process.argv[2] ?? '{}') };
const dataDir = await mkdtemp(join(tmpdir(), 'workflow-crash-'));
let server = await startPostgres({ dataDir, ephemeral: false, settings });
const { port } = server;

const commands = {
  /** What a failing machine does: no checkpoint, nobody is asked; unlogged tables are empty after the restart. */
  crash: () => server.stop('SIGQUIT'),
  /** The first process only: the others notice, and end by themselves. */
  kill: () => server.stop('SIGKILL'),
  start: async () => {
    server = await startPostgres({ dataDir, port, ephemeral: false, settings });
  },
  /** Fast shutdown: sessions are ended, everything is written. */
  shutdown: () => server.stop('SIGINT'),
};

process.on('message', async ({ id, command }) => {
  try {
    await commands[command]();
    process.send({ id });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.once('disconnect', async () => {
  await server.stop('SIGQUIT');
  await rm(dataDir, { recursive: true, force: true });
  process.exit(0);
});
process.send({ url: server.url() });
