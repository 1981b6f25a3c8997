// The PostgreSQL of the suites where none is given: an ephemeral one from npm or, with TEST_SERVER=testcontainers, a container (image
// TEST_SERVER_IMAGE: PostgreSQL 18 with pgmq), for which Docker must answer.
import { createRequire } from 'node:module';
import { startPostgres } from '../scripts/pg.mjs';

/** Nothing is vacuumed or analysed by itself: whether there are statistics, and of which moment, is a test's choice (between two tests tables are empty). */
const SETTINGS = { autovacuum: 'off' };
const PORT = 5432;
const PASSWORD = 'postgres';

/** @returns {Promise<{ url: string, stop: () => Promise<void> }>} */
export async function startTestServer() {
  if (process.env.TEST_SERVER === 'testcontainers')
    return startContainer(process.env.TEST_SERVER_IMAGE ?? 'singularity-workflow-postgres:18');
  const server = await startPostgres({ settings: SETTINGS });
  return { url: server.url(), stop: () => server.stop('SIGQUIT') }; // thrown away: nothing to flush
}

async function startContainer(image) {
  const { GenericContainer, Wait } = createRequire(new URL('../packages/testkit/package.json', import.meta.url))('testcontainers');
  const container = await new GenericContainer(image)
    .withEnvironment({ POSTGRES_PASSWORD: PASSWORD })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=200', '-c', 'autovacuum=off'])
    .withExposedPorts(PORT)
    // An image may start the server once for its set-up, without TCP: the port tells the one that stays.
    .withWaitStrategy(Wait.forAll([Wait.forLogMessage(/ready to accept connections/), Wait.forListeningPorts()]))
    .start();
  return {
    url: `postgres://postgres:${PASSWORD}@${container.getHost()}:${container.getMappedPort(PORT)}/postgres`,
    stop: async () => void (await container.stop()),
  };
}
