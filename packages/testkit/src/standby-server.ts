// A hot standby of a CrashableServer: a physical replica that may be read and not written. The npm server has no pg_basebackup, so the primary is stopped
// for the moment of the copy (about a second), as after a shutdown in order, and started again.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { connect } from './connect.js';
import type { CrashableServer } from './crashable-server.js';

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

/** The name of its slot at the primary, and of itself. */
export const STANDBY_NAME = 'standby';

export class StandbyServer {
  private commands = 0;
  private address = '';

  private constructor(private readonly process: ChildProcess) {}

  /** `more`: settings that must not be lower than the primary's (max_connections and the like), where that has others than the default. */
  static async of(primary: CrashableServer, more: Record<string, string | number> = {}): Promise<StandbyServer> {
    const { dataDirectory, conninfo } = await prepare(primary.url);
    const settings = { primary_conninfo: conninfo, primary_slot_name: STANDBY_NAME, wal_retrieve_retry_interval: '200ms', ...more };
    const script = fileURLToPath(new URL('../standby-server.mjs', import.meta.url));
    const argument = JSON.stringify({ source: dataDirectory, settings });
    const child = fork(script, [argument], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
    const standby = new StandbyServer(child);
    await primary.shutdown();
    try {
      await standby.tell('copy');
    } finally {
      await primary.restart();
    }
    standby.address = String(await standby.tell('start'));
    return standby;
  }

  /** Superuser URL of the database postgres. */
  get url(): string {
    return this.address;
  }

  /** The same login and database as in an address of the primary, here. */
  urlLike(primaryUrl: string): string {
    const url = new URL(primaryUrl);
    url.port = new URL(this.address).port;
    return url.toString();
  }

  /** What arrives is not applied any more: the replica stays as old as it is. */
  async pauseReplay(): Promise<void> {
    await this.sql('select pg_wal_replay_pause()');
  }

  async resumeReplay(): Promise<void> {
    await this.sql('select pg_wal_replay_resume()');
  }

  /** Ends the server and removes its data. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.disconnect();
    await gone;
  }

  private async sql(text: string): Promise<void> {
    const client = await connect(this.address);
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  }

  private tell(command: string): Promise<unknown> {
    const id = (this.commands += 1);
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the standby's process ended with ${code}`));
      const onMessage = (message: unknown): void => {
        const answer = message as Answer;
        if (answer.id !== id) return;
        this.process.off('exit', onExit).off('message', onMessage);
        if (answer.error === undefined) resolve(answer.result);
        else reject(new Error(`${command}: ${answer.error}`));
      };
      this.process.on('message', onMessage).once('exit', onExit);
      this.process.send({ id, command });
    });
  }
}

/** Its slot first: from then on the primary keeps what the copy will need. */
async function prepare(primaryUrl: string): Promise<{ dataDirectory: string; conninfo: string }> {
  const client = await connect(primaryUrl);
  try {
    await client.query('select pg_create_physical_replication_slot($1, true)', [STANDBY_NAME]);
    const { rows } = await client.query('show data_directory');
    const { hostname, port, username, password } = new URL(primaryUrl);
    const conninfo = `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)} application_name=${STANDBY_NAME}`;
    return { dataDirectory: String(rows[0].data_directory), conninfo };
  } finally {
    await client.end();
  }
}
