// What is printed when the region is ready.
import { relative } from 'node:path';

/** The workflow of the line to paste: one of the examples. */
const FIRST_RUN = { tenant_id: 'demo', workflow: 'greet', input: { name: 'Ada' } };

const masked = (url) => url.replace(/:[^:@/]+@/, ':***@');

/** @param {{ services: Record<string, string>, database: { adminUrl: string, place: string }, dataDir: string, seconds: string }} region */
export function banner({ services, database, dataDir, seconds }) {
  const here = relative(process.cwd(), dataDir) || '.';
  const rows = [
    ...Object.entries(services).map(([name, url]) => [
      name,
      name === 'router' ? `${url}/api    documentation ${url}/docs` : `${url}/health`,
    ]),
    ['postgres', `${masked(database.adminUrl)}    ${database.place}`],
    ['logs', `${here}/logs/`],
    ['addresses', `${here}/region.json`],
  ];
  return `
Singularity Workflow is ready after ${seconds} s

${rows.map(([name, what]) => `  ${name.padEnd(17)} ${what}`).join('\n')}

No key is asked for: the services listen on this machine only. A first run, to paste:

  curl -s '${services.router}/api/workflows?wait=30s' -H 'content-type: application/json' -d '${JSON.stringify(FIRST_RUN)}'

Ctrl-C drains and stops everything; a second one hastens.
`;
}
