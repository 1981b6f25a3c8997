// The PostgreSQL that all share: a server of the bench's own (embedded, fsync on, defaults for everything that durability depends on), or one
// that is given. A template database per peer, and copies of it: every workload begins in an empty, equal database.
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { databaseUrl, Sql } from './database.js';
import { until } from './measure/clock.js';
import type { Peer, PeerName } from './peers/peer.js';

/** Said once for everybody. Checkpoints stay out of the rounds, which are short; memory holds what is measured. All else is PostgreSQL's default. */
export const SERVER_SETTINGS = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  max_connections: 300,
  wal_level: 'replica',
  wal_compression: 'off',
};

const HANG_UP_LIMIT_MS = 5_000;
const ROOT = new URL('../../../', import.meta.url);
const DATA = new URL('../.data/', import.meta.url);

/** Of scripts/pg.mjs, as far as it is used here. */
interface EmbeddedServer {
  readonly pid: number;
  readonly dataDir: string;
  url(): string;
  stop(signal: string): Promise<void>;
}

export interface ServerOptions {
  /** Of its folder. */
  readonly name?: string;
  /** Besides those that all have. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

export class Server {
  private static readonly running = new Set<Server>();
  private readonly admin: Sql;
  private readonly templates = new Map<PeerName, Promise<string>>();
  private copies = 0;

  private constructor(
    readonly url: string,
    readonly postmasterPid: number | null,
    private readonly embedded: EmbeddedServer | null,
  ) {
    this.admin = new Sql(url);
  }

  /** One at a time: a second one is told who has the folder. What a killed one left there is stopped and emptied. */
  static async start({ name = 'server', settings = {} }: ServerOptions = {}): Promise<Server> {
    const { startPostgres } = (await import(new URL('scripts/pg.mjs', ROOT).href)) as {
      startPostgres: (this: void, options: object) => Promise<EmbeddedServer>;
    };
    const dataDir = fileURLToPath(new URL(name, DATA));
    const launch = (): Promise<EmbeddedServer> =>
      startPostgres({ dataDir, ephemeral: false, settings: { ...SERVER_SETTINGS, ...settings } });
    let server = Server.of(await launch());
    if (await server.hasLeftovers()) {
      await server.stop();
      server = Server.of(await launch());
    }
    return server;
  }

  /** All of the bench's own. */
  static async stopAll(): Promise<void> {
    await Promise.all([...Server.running].map((server) => server.stop()));
  }

  /** A superuser's address. */
  static async given(url: string): Promise<Server> {
    const sql = new Sql(url);
    const isLocal = ['127.0.0.1', 'localhost'].includes(new URL(url).hostname);
    const pid = await sql.number(`select split_part(pg_read_file('postmaster.pid'), e'\\n', 1)::int`);
    await sql.close();
    return new Server(url, isLocal && existsSync(`/proc/${pid}`) ? pid : null, null);
  }

  version(): Promise<string> {
    return this.admin.rows<{ version: string }>(`select current_setting('server_version') as version`).then(([row]) => row!.version);
  }

  /** What decides about durability and speed, as the server has it. */
  async settings(): Promise<Record<string, string>> {
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', ...Object.keys(SERVER_SETTINGS)];
    const rows = await this.admin.rows<{ name: string; value: string }>(
      'select name, current_setting(name) as value from unnest($1::text[]) name',
      [names],
    );
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }

  /** A new database with the peer's schema and nothing in it. */
  async databaseFor(peer: Peer): Promise<string> {
    if (!this.templates.has(peer.name)) this.templates.set(peer.name, this.makeTemplate(peer));
    const template = await this.templates.get(peer.name)!;
    this.copies += 1;
    const name = `${template}_${this.copies}`;
    await this.whenAlone(template);
    await this.admin.run(`create database ${name} template ${template}`);
    return databaseUrl(this.url, name);
  }

  async drop(url: string): Promise<void> {
    const name = new URL(url).pathname.slice(1);
    await this.whenAlone(name);
    await this.admin.run(`drop database if exists ${name} with (force)`);
  }

  async stop(): Promise<void> {
    Server.running.delete(this);
    if (this.embedded === null) for (const template of this.templates.values()) await this.drop(databaseUrl(this.url, await template));
    await this.admin.close();
    if (this.embedded === null) return;
    await this.embedded.stop('SIGQUIT'); // thrown away: nothing to flush
    rmSync(this.embedded.dataDir, { recursive: true, force: true });
  }

  private static of(embedded: EmbeddedServer): Server {
    const server = new Server(embedded.url(), embedded.pid, embedded);
    Server.running.add(server);
    return server;
  }

  private async hasLeftovers(): Promise<boolean> {
    return (await this.admin.number(`select count(*) from pg_database where datname ~ '^bench_\\d+_'`)) > 0;
  }

  private async makeTemplate(peer: Peer): Promise<string> {
    const template = `bench_${process.pid}_${peer.name}`.toLowerCase();
    await this.admin.run(`create database ${template}`);
    await peer.install(databaseUrl(this.url, template));
    return template;
  }

  /** Nobody is connected any more: pools say that they have ended when they have only begun to hang up. */
  private async whenAlone(name: string): Promise<void> {
    const isAlone = async (): Promise<boolean> =>
      (await this.admin.number('select count(*) from pg_stat_activity where datname = $1', [name])) === 0;
    await until(`nobody is connected to ${name}`, isAlone, { everyMs: 2, limitMs: HANG_UP_LIMIT_MS }).catch(() => undefined);
  }
}
