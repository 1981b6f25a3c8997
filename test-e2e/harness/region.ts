// A region of real processes: a PostgreSQL of its own, a migrated database, services with the logins and the defaults that they have in production.
// A folder holds logs, notes of attempts and gates. `inRegion` is what scenarios use: it ends everything, whatever happened.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppName, ensureServiceLogins, type ServiceRole } from '@singularity-workflow/core';
import { type Client, createClient } from '@singularity-workflow/sdk/client';
import { createTestDatabase, CrashableServer, type TestDatabase, waitFor, type WaitOptions } from '@singularity-workflow/testkit';
import { type AttemptNote, ATTEMPTS_FOLDER, GATES_FOLDER, readAttempts } from './attempts.js';
import { root } from './places.js';
import { installRecorder } from './recorder.js';
import { Service } from './service.js';
import { Warden } from './warden.js';

type Env = Readonly<Record<string, string>>;

/** What a region's database lives on: one server, or a cluster. */
export interface DatabaseServer {
  /** Superuser URL of the database postgres. */
  readonly url: string;
  close(): Promise<void>;
}

/** What stands between the services and the database. */
export interface Pooler {
  /** Where a service connects that would otherwise connect here. */
  through(url: string): string;
  close(): Promise<void>;
}

export interface RegionOptions {
  /** How many of each; one router always. Default: one of each. */
  readonly executors?: number;
  readonly schedulers?: number;
  readonly monitors?: number;
  /** For all executors, over the defaults. */
  readonly executorEnv?: Env;
  readonly routerEnv?: Env;
  /** False: attempts and changes are not recorded (there would be too many); `attempts`: changes are not. Default true. */
  readonly record?: boolean | 'attempts';
  /** Settings of the server. */
  readonly server?: Readonly<Record<string, string | number>>;
  /** Another database than a server of its own. */
  readonly place?: () => Promise<DatabaseServer>;
  /** Made when the logins are: their addresses. */
  readonly pooler?: (logins: readonly string[]) => Promise<Pooler>;
  /** For all services, over the defaults. */
  readonly env?: Env;
  /** What else its database needs before the services start (a superuser's address); answers what it adds to the environment of all of them. */
  readonly prepare?: (adminUrl: string) => Promise<Env>;
}

const LOGINS: Readonly<Record<AppName, ServiceRole>> = {
  router: 'router',
  scheduler: 'scheduler',
  executor: 'executor',
  'failover-monitor': 'monitor',
};

const SETTLE_LIMIT_MS = 60_000;

export class Region {
  readonly services: Service[] = [];
  private router: Client | undefined;
  private pooler: Pooler | undefined;
  private prepared: Env = {};

  private constructor(
    private readonly options: RegionOptions,
    readonly folder: string,
    /** What its database lives on. */
    readonly place: DatabaseServer,
    readonly db: TestDatabase,
    private readonly logins: Readonly<Record<ServiceRole, string>>,
    private readonly warden: Warden,
  ) {}

  /** Database first, then all services at once, until all are ready. */
  static async start(options: RegionOptions = {}): Promise<Region> {
    if (Number.parseInt(process.versions.node, 10) < 24) throw new Error(`Node ${process.versions.node}: services need 24 (use pnpm test)`);
    const place = await (options.place?.() ?? CrashableServer.start(options.server));
    const db = await createTestDatabase(place.url).catch(async (error: unknown) => {
      await place.close();
      throw error;
    });
    if ((options.record ?? true) === true) await installRecorder(db);
    const logins = await ensureServiceLogins({ adminUrl: db.url() });
    const folder = mkdtempSync(join(tmpdir(), 'workflow-e2e-'));
    mkdirSync(join(folder, GATES_FOLDER));
    const region = new Region(options, folder, place, db, logins, new Warden());
    try {
      await region.startServices();
      return region;
    } catch (error) {
      if (error instanceof Error) error.message += `\n\nservices:\n${region.complaints().join('\n')}`;
      await region.close();
      throw error;
    }
  }

  /** The region's PostgreSQL, where that is a single server. */
  get server(): CrashableServer {
    if (this.place instanceof CrashableServer) return this.place;
    throw new Error('the database of this region is not a single server');
  }

  get client(): Client {
    if (this.router === undefined) throw new Error('the region is not ready');
    return this.router;
  }

  of(app: AppName): Service[] {
    return this.services.filter((service) => service.app === app && service.ended === null);
  }

  /** Starts one more and waits until it is ready. */
  add(app: AppName, env: Env = {}): Promise<Service> {
    return this.launch(app, env).ready();
  }

  /** Starts one more, of another release where that is named (see release.ts), and waits for nothing. */
  launch(app: AppName, env: Env = {}, release: string = root): Service {
    const name = `${app}-${this.services.filter((service) => service.app === app).length + 1}`;
    const own: Env = {
      DATABASE_URL: this.addressFor(app),
      ...this.options.env,
      ...this.prepared,
      ...(app === 'executor' && this.executorEnv(name, release)),
      ...(app === 'router' && this.options.routerEnv),
      ...env,
    };
    const service = new Service({ app, name, folder: this.folder, env: own, warden: this.warden, release });
    this.services.push(service);
    return service;
  }

  /** Where such a service finds the database. */
  addressFor(app: AppName): string {
    const login = this.logins[LOGINS[app]];
    return this.pooler?.through(login) ?? login;
  }

  /** Clients ask this router from now on. */
  async speakTo(router: Service): Promise<void> {
    this.router = createClient({ urls: [await router.address()] });
  }

  /** Its services are started with this, too, from now on; at once its monitors, each when its successor is ready, and a router that others know. */
  async tell(env: Env): Promise<void> {
    this.prepared = { ...this.prepared, ...env };
    for (const former of this.of('failover-monitor')) {
      await this.add('failover-monitor');
      former.signal('SIGTERM');
      await former.exited;
    }
    if (Object.keys(this.options.routerEnv ?? {}).length === 0) return;
    for (const former of this.of('router')) {
      former.signal('SIGTERM'); // its successor has the same port
      await former.exited;
      await this.speakTo(await this.add('router'));
    }
  }

  /** Lets pass who waits at this gate. */
  open(gate: string): void {
    writeFileSync(join(this.folder, GATES_FOLDER, gate), '');
  }

  attempts(): AttemptNote[] {
    return readAttempts(this.folder);
  }

  /** Nobody looks at them any more. */
  forgetAttempts(): void {
    const attempts = join(this.folder, ATTEMPTS_FOLDER);
    if (existsSync(attempts)) for (const file of readdirSync(attempts)) rmSync(join(attempts, file));
  }

  /** The starts of handlers in this process. */
  startsIn({ name }: Service): AttemptNote[] {
    return this.attempts().filter((note) => note.kind === 'start' && note.process === name);
  }

  /** Waits until that many handlers began there. */
  async started(service: Service, count: number): Promise<void> {
    const until = `${count} handlers began in ${service.name}`;
    await waitFor(() => this.startsIn(service).length >= count, { until, timeoutMs: SETTLE_LIMIT_MS, everyMs: 30 });
  }

  /** Waits until no run is open: of these, or at all. */
  async settled(runs: readonly { readonly runId: string }[] | null = null, patience: WaitOptions = {}): Promise<void> {
    const ids = runs && runs.map(({ runId }) => runId);
    const look = `select count(*)::int as open from workflow.workflow_runs where finished_at is null and ($1::uuid[] is null or run_id = any ($1))`;
    const isSettled = async (): Promise<boolean> => (await this.db.sql<{ open: number }>(look, [ids]))[0]!.open === 0;
    await waitFor(isSettled, { until: 'no run is open', timeoutMs: SETTLE_LIMIT_MS, everyMs: 50, ...patience });
  }

  /** The outputs of these runs, in their order; null for one that has none. */
  async outputs(runs: readonly { readonly runId: string }[]): Promise<unknown[]> {
    const rows = await this.db.sql<{ id: string; output: unknown }>(
      `select run_id as id, output from workflow.workflow_runs where run_id = any ($1)`,
      [runs.map(({ runId }) => runId)],
    );
    const outputs = new Map(rows.map(({ id, output }) => [id, output]));
    return runs.map(({ runId }) => outputs.get(runId) ?? null);
  }

  /** kill -9 of all of it at once, database and services. */
  async kill(): Promise<void> {
    const living = this.services.filter(({ ended }) => ended === null);
    for (const service of living) service.signal('SIGKILL');
    await Promise.all([this.server.kill(), ...living.map((service) => service.exited)]);
  }

  /** After `kill`: the same database, and services like those that it had. Ready when they are. */
  async comeBack(): Promise<void> {
    await this.server.restart();
    await this.launchServices();
  }

  /** Ends everything, by force: a scenario that wants more has done it. */
  async close(): Promise<void> {
    for (const service of this.services) if (service.ended === null) service.signal('SIGKILL');
    await Promise.all(this.services.map((service) => service.exited));
    await this.warden.close();
    await this.pooler?.close();
    await this.db.close().catch(() => undefined); // the server may be down
    await this.place.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the services complained of lately, for who reads a failure. */
  complaints(): string[] {
    return this.services.flatMap((service) => service.complaints());
  }

  private async startServices(): Promise<void> {
    this.prepared = (await this.options.prepare?.(this.db.url())) ?? {};
    this.pooler = await this.options.pooler?.(Object.values(this.logins));
    await this.launchServices();
  }

  private async launchServices(): Promise<void> {
    const { executors = 1, schedulers = 1, monitors = 1 } = this.options;
    const wanted: readonly (readonly [AppName, number])[] = [
      ['router', 1],
      ['scheduler', schedulers],
      ['executor', executors],
      ['failover-monitor', monitors],
    ];
    const services = wanted.flatMap(([app, count]) => Array.from({ length: count }, () => this.launch(app)));
    await Promise.all(services.map((service) => service.ready()));
    await this.speakTo(services[0]!);
  }

  private executorEnv(name: string, release: string): Env {
    const { record, executorEnv } = this.options;
    const noted = record === false ? {} : { E2E_FOLDER: this.folder, E2E_NAME: name };
    return { WORKFLOW_MODULES: join(release, 'test-e2e/harness/workflows.ts'), ...noted, ...executorEnv };
  }
}

/** A test's body: `story` in a region that is ended afterwards. A failure tells what the services complained of. */
export function inRegion(options: RegionOptions, story: (region: Region) => Promise<void>): () => Promise<void> {
  return async () => {
    const region = await Region.start(options);
    try {
      await story(region);
    } catch (error) {
      if (error instanceof Error) error.message += `\n\nservices:\n${region.complaints().join('\n')}`;
      throw error;
    } finally {
      await region.close();
    }
  };
}
