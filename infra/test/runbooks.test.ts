// What a runbook tells to type works: every command of `swf` and every query, on a region that runs.
import { spawnSync } from 'node:child_process';
import { Database } from '@singularity-workflow/core';
import { Region } from './region.js';
import { pages, textOfIndex } from './runbooks.js';
import { root } from './tools.js';

const region = new Region();
let variables: Readonly<Record<string, string>>;
let db: Database;

beforeAll(async () => {
  const { router } = await region.ready();
  const adminUrl = region.adminUrl();
  db = new Database({ url: adminUrl, poolSize: 1, applicationName: 'singularity-workflow runbooks' });
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ slug: 'nobody-has-it', steps: [{ slug: 'wait' }] });
  await fetch(`${router!.url}/api/definitions`, { method: 'POST', headers, body });
  variables = { SWF_URL: router!.url, SERVICE: router!.url, DATABASE_ADMIN_URL: adminUrl, WORKER_ID: await workerOf(db, 'router') };
});
afterAll(async () => {
  await db?.close();
  await region.stop();
});

async function workerOf(database: Database, app: string): Promise<string> {
  const [row] = await database.query<{ workerId: string }>('select worker_id from workflow.workflow_workers where app = $1', [app]);
  return row!.workerId;
}

const blocks = (language: string): [page: string, code: string][] =>
  [...textOfIndex(), ...pages()].flatMap(([page, text]) =>
    [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(([, , code]): [string, string] => [
      page,
      code!,
    ]),
  );

function sh(line: string, env: Readonly<Record<string, string>>): { status: number | null; stdout: string; output: string } {
  const swf = `swf() { '${process.execPath}' '${root}packages/cli/dist/main.js' "$@"; }`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `${swf}\nset -u\n${line}`], {
    cwd: root,
    encoding: 'utf8',
    timeout: 20_000,
    env: { PATH: process.env['PATH'], ...variables, ...env },
  });
  return { status, stdout, output: `${stdout}${stderr}` };
}

/** A run that waits for ever, for no executor has its step: it can be paused, resumed and cancelled. */
function stuckRun(): string {
  const { stdout, output } = sh('swf start nobody-has-it --json', {});
  if (stdout === '') throw new Error(output);
  return (JSON.parse(stdout) as { run_id: string }).run_id;
}

/** Following a run takes until it ends, and only what has ended can be run again. */
const AFTER_ITS_END = /^swf (events|retry)/;

it('has commands that can be run on every page', () => {
  const withBlocks = new Set([...blocks('sh'), ...blocks('sql')].map(([page]) => page));
  expect([...pages().keys()].filter((page) => !withBlocks.has(page))).toEqual([]);
});

it('tells to type only commands that work', () => {
  const failed = blocks('sh').flatMap(([page, code]) => {
    const runId = code.includes('$RUN_ID') ? stuckRun() : '';
    const lines = code.split('\n').map((line) => line.trim());
    return lines.filter(Boolean).flatMap((line) => {
      if (AFTER_ITS_END.test(line)) sh('swf cancel $RUN_ID', { RUN_ID: runId });
      const { status, output } = sh(line, { RUN_ID: runId });
      return status === 0 ? [] : [`${page}: ${line}: ${output}`];
    });
  });
  expect(failed).toEqual([]);
});

it('sees a command that does not exist, and a variable that nobody explains', () => {
  expect(sh('swf drain', {}).status).not.toBe(0);
  expect(sh('swf workers --app gateway', {}).status).not.toBe(0);
  expect(sh('swf get $NOBODY', {}).status).not.toBe(0);
});

it('gives only queries that the schema can answer', async () => {
  const statements = blocks('sql').flatMap(([page, code]) => code.split(';').map((sql) => [page, sql.trim()] as const));
  const asked = statements.filter(([, sql]) => sql !== '');
  expect(asked.length).toBeGreaterThan(15);
  const failed: string[] = [];
  for (const [page, sql] of asked) await db.query(sql).catch((error: Error) => failed.push(`${page}: ${sql}: ${error.message}`));
  expect(failed).toEqual([]);
  await expect(db.query('select * from workflow.never_was')).rejects.toThrow('never_was');
});
