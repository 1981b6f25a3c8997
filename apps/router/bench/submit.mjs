// How many single submissions a second one router takes, beside a no-op endpoint of the same server in the same run.
//   pnpm --filter router bench:submit [seconds] [clients]
// Its own PostgreSQL with fsync on, kept in a temporary folder for as long as it lasts; or DATABASE_ADMIN_URL.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureServiceLogins, migrate } from '@singularity-workflow/core';
import autocannon from 'autocannon';
import { freePort, startPostgres } from '../../../scripts/pg.mjs';

const seconds = Number(process.argv[2] ?? 5);
const clients = Number(process.argv[3] ?? 50);
const WARM_UP_SECONDS = 3;
const ROUNDS = 3;
const TARGET_PER_SECOND = 2_000;
const READY_LIMIT_MS = 30_000;
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const { adminUrl, stopServer } = await server();
const router = await startRouter(adminUrl);
try {
  await register(router.origin);
  await shoot(submission(router.origin), WARM_UP_SECONDS);
  console.log(
    `${clients} clients, ${ROUNDS} rounds; load of the machine before: ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`,
  );
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    report('no-op (GET /health/live)', await shoot({ url: `${router.origin}/health/live` }, seconds));
    best = Math.max(best, report('submission (POST /api/workflows)', await shoot(submission(router.origin), seconds)));
  }
  console.log(`best round: ${best.toFixed(0)} submissions/s; target ${TARGET_PER_SECOND}/s`);
  process.exitCode = best >= TARGET_PER_SECOND ? 0 : 1;
} finally {
  await router.stop();
  await stopServer();
}

async function server() {
  const given = process.env.DATABASE_ADMIN_URL;
  if (given) return { adminUrl: given, stopServer: async () => {} };
  const dataDir = await mkdtemp(join(tmpdir(), 'router-bench-'));
  const postgres = await startPostgres({ dataDir });
  const stopServer = async () => {
    await postgres.stop();
    await rm(postgres.dataDir, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  };
  return { adminUrl: postgres.url(), stopServer };
}

async function startRouter(url) {
  await migrate({ adminUrl: url });
  const { router: databaseUrl } = await ensureServiceLogins({ adminUrl: url });
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl, PORT: String(port), LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const origin = `http://127.0.0.1:${port}`;
  const stop = async () => {
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
  };
  for (const end = Date.now() + READY_LIMIT_MS; ; await sleep(50)) {
    const ready = await fetch(`${origin}/health/ready`).catch(() => undefined);
    if (ready?.status === 200) return { origin, stop };
    if (Date.now() > end || child.exitCode !== null) {
      if (child.exitCode === null) await stop();
      throw new Error('the router did not become ready');
    }
  }
}

async function register(origin) {
  const body = JSON.stringify({ slug: 'bench', steps: [{ slug: 'only' }] });
  const answer = await fetch(`${origin}/api/definitions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) throw new Error(`not registered: ${answer.status} ${await answer.text()}`);
}

function submission(origin) {
  const body = JSON.stringify({
    tenant_id: 'acme',
    workflow: 'bench',
    input: { order: 4711, items: ['a', 'b', 'c'] },
    labels: { source: 'bench' },
  });
  return { url: `${origin}/api/workflows`, method: 'POST', headers: { 'content-type': 'application/json' }, body };
}

function shoot(request, duration) {
  return autocannon({ ...request, connections: clients, duration });
}

/** Answers the rate, 0 where anything went wrong. */
function report(what, { requests, latency, non2xx, errors }) {
  const rate = requests.average.toFixed(0).padStart(7);
  console.log(
    `${what.padEnd(36)} ${rate}/s   p50 ${latency.p50} ms  p99 ${latency.p99} ms  max ${latency.max} ms   not 2xx: ${non2xx}, errors: ${errors}`,
  );
  return non2xx === 0 && errors === 0 ? requests.average : 0;
}
