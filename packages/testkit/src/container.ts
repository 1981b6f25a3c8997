// PostgreSQL with pgmq from Testcontainers, for machines that have Docker. One container per Jest worker, removed by Testcontainers' reaper
// or, where that is off, when the worker ends.
import { GenericContainer, Wait } from 'testcontainers';
import { testEnvironment } from './environment.js';

const PORT = 5432;
// Jest gives each test file a fresh module registry; the process is what lives as long as the container should.
const HOLDER = Symbol.for('singularity-workflow.testkit.container');
const worker = process as typeof process & { [HOLDER]?: Promise<string> };

export function containerUrl(): Promise<string> {
  worker[HOLDER] ??= start();
  return worker[HOLDER];
}

async function start(): Promise<string> {
  const container = await new GenericContainer(testEnvironment().containerImage)
    .withEnvironment({ POSTGRES_PASSWORD: 'postgres' })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=200'])
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start();
  process.once('beforeExit', () => void container.stop());
  return `postgres://postgres:postgres@${container.getHost()}:${container.getMappedPort(PORT)}/postgres`;
}
