import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { APPS, ConfigError, describeConfig, isSecondary, loadConfig, printConfig } from '../../src/config/index.js';

const DATABASE_URL = 'postgres://router:s3cret@db:5432/workflow';
const minimal = { DATABASE_URL };

function mistakesOf(env: Record<string, string>, app: (typeof APPS)[number] = 'executor'): ConfigError {
  try {
    loadConfig(app, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('this configuration was accepted');
}

describe('the configuration', () => {
  it('has a default for everything but the database', () => {
    const config = loadConfig('router', { DATABASE_URL });
    expect(config).toMatchObject({
      app: 'router',
      databaseUrl: DATABASE_URL,
      databaseReadUrl: null,
      databasePoolSize: 20,
      databasePrepare: 'on',
      region: 'local',
      host: '127.0.0.1',
      port: 4000,
      queues: [],
      workflowModules: [],
      batchSize: 50,
      visibilityTimeoutMs: 10_000,
    });
    expect(config.workerId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['router', 4000],
    ['scheduler', 4001],
    ['executor', 4002],
    ['failover-monitor', 4003],
  ] as const)('gives %s port %d', (app, port) => {
    expect(loadConfig(app, { DATABASE_URL }).port).toBe(port);
  });

  it('is frozen, its lists too', () => {
    const config = loadConfig('executor', { DATABASE_URL });
    expect([Object.isFrozen(config), Object.isFrozen(config.queues)]).toEqual([true, true]);
  });

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig('executor', { DATABASE_URL, PORT: '', REGION: '  ' })).toMatchObject({ port: 4002, region: 'local' });
  });

  it('tells all mistakes at once, each with name, value, rule and default', () => {
    const error = mistakesOf({
      PORT: '3O00',
      CONCURRENCY: '0',
      QUEUES: 'default,Orders',
      DATABASE_PREPARE: 'yes',
      TOPOLOGY: 'multi-master',
    });
    expect(error.mistakes.map(({ name, value }) => [name, value])).toEqual([
      ['DATABASE_URL', null],
      ['DATABASE_PREPARE', 'yes'],
      ['TOPOLOGY', 'multi-master'],
      ['PORT', '3O00'],
      ['QUEUES', 'default,Orders'],
      ['CONCURRENCY', '0'],
    ]);
    expect(error.code).toBe('invalid_config');
    expect(error.message).toContain(
      'DATABASE_URL is not set; it must be an address like postgres://user:password@host:5432/database (required)',
    );
    expect(error.message).toContain("CONCURRENCY is '0'; it must be a whole number from 1 to 10000 (default: 50)");
    expect(error.message).toContain(
      "TOPOLOGY is 'multi-master'; it must be one of single, active-passive, primary-secondary (default: single)",
    );
  });

  it('wants a role of an executor in active-passive, and none elsewhere', () => {
    const activePassive = { DATABASE_URL, TOPOLOGY: 'active-passive' };
    expect(mistakesOf(activePassive).message).toContain('ORCHESTRATOR_ROLE is not set; it must be set where TOPOLOGY is active-passive');
    expect(mistakesOf({ DATABASE_URL, ORCHESTRATOR_ROLE: 'standby' }).mistakes).toMatchObject([
      { name: 'ORCHESTRATOR_ROLE', value: 'standby' },
    ]);
    expect(mistakesOf({ DATABASE_URL, ORCHESTRATOR_GROUP: 'blue' }).mistakes).toMatchObject([{ name: 'ORCHESTRATOR_GROUP' }]);
    expect(loadConfig('executor', { ...activePassive, ORCHESTRATOR_ROLE: 'standby' })).toMatchObject({
      orchestratorRole: 'standby',
      orchestratorGroup: null,
      leadershipKey: 'orchestrator:leader',
      leadershipTtlMs: 10_000,
    });
    expect(loadConfig('router', activePassive).topology).toBe('active-passive');
  });

  const secondary = {
    TOPOLOGY: 'primary-secondary',
    CAN_EXECUTE_WORKFLOWS: 'false',
    DATABASE_READ_URL: DATABASE_URL,
    PRIMARY_REGION_URL: 'https://one.example.org/, http://two.example.org:4000/below',
  };

  it('lets a router of a secondary live without a database of its own', () => {
    const config = loadConfig('router', secondary);
    expect(config).toMatchObject({
      databaseUrl: null,
      databaseReadUrl: DATABASE_URL,
      canExecuteWorkflows: false,
      primaryRegionUrl: ['https://one.example.org', 'http://two.example.org:4000/below'],
      forwardTimeoutMs: 10_000,
    });
    expect(isSecondary(config)).toBe(true);
    expect(printConfig(config)).toContain('DATABASE_URL=\n');
    expect(isSecondary(loadConfig('scheduler', { DATABASE_URL, TOPOLOGY: 'primary-secondary' }))).toBe(false);
  });

  it('wants in a secondary a replica and a primary, and nothing that could be written', () => {
    expect(mistakesOf({ ...secondary, DATABASE_READ_URL: '', PRIMARY_REGION_URL: '' }, 'router').mistakes).toMatchObject([
      { name: 'DATABASE_READ_URL', value: null },
      { name: 'PRIMARY_REGION_URL', value: null },
    ]);
    const both = mistakesOf({ ...secondary, DATABASE_URL, DATABASE_ADMIN_URL: DATABASE_URL }, 'router');
    expect(both.mistakes).toMatchObject([{ name: 'DATABASE_URL' }, { name: 'DATABASE_ADMIN_URL' }]);
    expect(both.message).not.toContain('s3cret');
  });

  it.each(APPS.filter((app) => app !== 'router'))('refuses a %s in a secondary, and says why', (app) => {
    const error = mistakesOf(secondary, app);
    expect(error.mistakes).toMatchObject([{ name: 'CAN_EXECUTE_WORKFLOWS', value: 'false' }]);
    expect(error.message).toContain('a secondary has only routers');
  });

  it('knows secondaries in primary-secondary only', () => {
    const elsewhere = { DATABASE_URL, CAN_EXECUTE_WORKFLOWS: 'false' };
    expect(mistakesOf(elsewhere, 'router').mistakes).toMatchObject([{ name: 'CAN_EXECUTE_WORKFLOWS' }]);
    expect(mistakesOf({ CAN_EXECUTE_WORKFLOWS: 'false' }, 'router').mistakes).toMatchObject([{ name: 'DATABASE_URL', value: null }]);
    expect(mistakesOf({ DATABASE_URL, PRIMARY_REGION_URL: 'http://x' }, 'router').mistakes).toMatchObject([{ name: 'PRIMARY_REGION_URL' }]);
    expect(loadConfig('router', { DATABASE_URL, TOPOLOGY: 'primary-secondary' }).primaryRegionUrl).toBeNull();
  });

  it.each(['ftp://x', 'router:4000', 'http://user:s3cret@x', 'http://x?y', 'http://x,http://x', 'http://x,', ''])(
    'refuses %p as the address of a primary',
    (PRIMARY_REGION_URL) => {
      expect(mistakesOf({ ...secondary, PRIMARY_REGION_URL }, 'router').mistakes).toMatchObject([{ name: 'PRIMARY_REGION_URL' }]);
    },
  );

  it('does not let a monitor fence a leader for one late heartbeat', () => {
    const env = { DATABASE_URL, PRIMARY_TIMEOUT_MS: '5000' };
    expect(mistakesOf(env, 'failover-monitor').mistakes).toMatchObject([{ name: 'PRIMARY_TIMEOUT_MS', value: '5000' }]);
    expect(loadConfig('failover-monitor', { DATABASE_URL })).toMatchObject({
      primaryHeartbeatCheckIntervalMs: 5_000,
      primaryTimeoutMs: 15_000,
      failback: 'manual',
      failbackAfterMs: 60_000,
    });
  });

  it('refuses a number with a sign, a fraction, an exponent or a unit', () => {
    for (const text of ['-1', '1.5', '1e3', '30s', '0x10', 'Infinity']) {
      expect(mistakesOf({ DATABASE_URL, HEARTBEAT_INTERVAL_MS: text }).mistakes).toHaveLength(1);
    }
  });

  it('knows the regions of a mesh, sorted, with passwords from files, and shows none of it', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'workflow-regions-')), 'secret');
    writeFileSync(file, 'p@ss word\n');
    const us = { id: 'us', database: 'postgres://region_peer@us/db', database_password_file: file, routers: ['https://us.example'] };
    const eu = { id: 'eu', database: 'postgres://region_peer:x@eu/db', replication: 'postgres://region_replicator:y@eu/db' };
    const config = loadConfig('failover-monitor', { ...minimal, REGION: 'eu', REGIONS: JSON.stringify([us, eu]) });
    expect(config.regions).toEqual([
      { id: 'eu', zone: 'global', database: eu.database, replication: eu.replication, routers: [] },
      { id: 'us', zone: 'global', database: 'postgres://region_peer:p%40ss%20word@us/db', replication: null, routers: us.routers },
    ]);
    expect(printConfig(config)).toContain('REGIONS=***');
    const listed = join(dirname(file), 'regions.json');
    writeFileSync(listed, JSON.stringify([us, eu]));
    expect(loadConfig('failover-monitor', { ...minimal, REGION: 'eu', REGIONS: listed }).regions).toEqual(config.regions);
  });

  it.each([
    ['no JSON', '[{'],
    ['no file', '/nowhere/regions.json'],
    ['nobody', '[]'],
    [
      'a region twice',
      JSON.stringify([
        { id: 'eu', database: 'postgres://a/b' },
        { id: 'eu', database: 'postgres://a/c' },
      ]),
    ],
    ['an unknown field', JSON.stringify([{ id: 'eu', database: 'postgres://a/b', password: 'secret' }])],
    ['a list without this region', JSON.stringify([{ id: 'us', database: 'postgres://a/b' }])],
  ])('refuses REGIONS with %s', (_, text) => {
    expect(() => loadConfig('failover-monitor', { ...minimal, REGION: 'eu', REGIONS: text })).toThrow(
      /^The configuration.*REGIONS is '\*\*\*'/s,
    );
  });

  it('wants a secret, or two while it is changed, of a router that knows routers of other regions', () => {
    const routers = { ...minimal, REGION: 'eu', REGIONS: regionsOf('http://us.example') };
    expect(() => loadConfig('router', routers)).toThrow(/REGION_SECRET/);
    expect(loadConfig('router', { ...minimal, REGION: 'eu', REGIONS: regionsOf() }).regionSecret).toBeNull();
    const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];
    expect(loadConfig('router', { ...routers, REGION_SECRET: first }).regionSecret).toEqual([first]);
    const config = loadConfig('router', { ...routers, REGION_SECRET: `${first},${second}` });
    expect(config.regionSecret).toEqual([first, second]);
    expect(printConfig(config)).toContain('REGION_SECRET=***');
    for (const wrong of ['a'.repeat(31), `${first},`, `${first} x`])
      expect(() => loadConfig('router', { ...routers, REGION_SECRET: wrong })).toThrow(/REGION_SECRET is '\*\*\*'/);
  });

  it('refuses a lease of regions that one late round would lose', () => {
    const REGIONS = JSON.stringify([{ id: 'eu', database: 'postgres://a/b' }]);
    const mesh = { ...minimal, REGION: 'eu', REGIONS };
    expect(() => loadConfig('failover-monitor', { ...mesh, LEASE_TTL_MS: '5001' })).toThrow(/LEASE_TTL_MS/);
    expect(() => loadConfig('failover-monitor', { ...mesh, REGION_HEARTBEAT_MS: '2000' })).toThrow(/REGION_LEASE_MS/);
    expect(() => loadConfig('failover-monitor', { ...mesh, REGION_LEASE_MS: '60000', REGION_LEASE_MARGIN_MS: '2500' })).toThrow(
      /REGION_LEASE_MARGIN_MS/,
    );
  });

  it('has leaders renew as often as the region must, unless told otherwise', () => {
    const REGIONS = JSON.stringify([{ id: 'eu', database: 'postgres://a/b' }]);
    const ttlOf = (env: object) => loadConfig('failover-monitor', { ...minimal, REGION: 'eu', ...env }).leaseTtlMs;
    expect(ttlOf({})).toBe(10_000);
    expect(ttlOf({ REGIONS })).toBe(5_000);
    expect(ttlOf({ REGIONS, REGION_LEASE_MS: '20000' })).toBe(10_000);
    expect(ttlOf({ REGIONS, LEASE_TTL_MS: '2000' })).toBe(2_000);
  });

  it('never shows a password', () => {
    const error = mistakesOf({ DATABASE_URL: 'mysql://root:hunter2@db/x', DATABASE_READ_URL: 'hunter2' }, 'router');
    expect(error.message).toContain("DATABASE_URL is 'mysql://root:***@db/x'");
    expect(error.message).toContain("DATABASE_READ_URL is '***'");
    expect(error.message).not.toContain('hunter2');
  });

  it('checks rules over several variables once each is right by itself', () => {
    const late = mistakesOf({ DATABASE_URL, HEARTBEAT_INTERVAL_MS: '4000' });
    expect(late.mistakes).toEqual([
      {
        name: 'HEARTBEAT_TIMEOUT_MS',
        value: '6000',
        rule: 'at least twice HEARTBEAT_INTERVAL_MS, or one late heartbeat is a death',
        default: '6000',
      },
    ]);
    expect(mistakesOf({ DATABASE_URL, VISIBILITY_TIMEOUT_MS: '5000' }).mistakes[0]!.name).toBe('VISIBILITY_TIMEOUT_MS');
    expect(loadConfig('router', { DATABASE_URL, VISIBILITY_TIMEOUT_MS: '5000' }).visibilityTimeoutMs).toBe(5_000);
    expect(mistakesOf({ DATABASE_URL, BODY_BYTES_MAX: '33554432' }).mistakes[0]!.name).toBe('BATCH_BODY_BYTES_MAX');
  });

  it('is printed as variables, passwords masked, only those that the app reads', () => {
    const text = printConfig(loadConfig('scheduler', { DATABASE_URL, WORKER_ID: '019a0000-0000-7000-8000-000000000000' }));
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'DATABASE_URL=postgres://router:***@db:5432/workflow',
        'PORT=4001',
        'SCHEDULER_TICK_MS=1000',
        'DATABASE_ADMIN_URL=',
      ]),
    );
    expect(text).not.toContain('QUEUES=');
  });

  it('describes every variable once, for the reference', () => {
    const { variables, rules } = describeConfig();
    const names = variables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(variables.find(({ name }) => name === 'DATABASE_URL')).toMatchObject({ default: null, secret: true, apps: 'all' });
    expect(variables.every(({ rule, description }) => rule.length > 0 && description.endsWith('.'))).toBe(true);
    expect(rules.every(({ name }) => names.includes(name))).toBe(true);
  });
});

function regionsOf(...routers: string[]): string {
  return JSON.stringify([
    { id: 'eu', database: 'postgres://a/b', routers: ['http://eu.example'] },
    { id: 'us', database: 'postgres://a/c', routers },
  ]);
}
