// What the router reads, with its own texts, and what gauges read.
import { RunReader } from '../../../src/store/run.reader.js';
import type { Database } from '../../../src/store/database.js';
import { camelOf } from '../../../src/store/wire.js';
import type { Scene, Story } from './story.js';

/** The reader over the watched session in place of its pool. */
function readerOn({ session }: Scene): RunReader {
  const query = async (text: string, values?: unknown[]) => {
    const rows = await session.sql<object>(text, values);
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [camelOf(column), value])));
  };
  return new RunReader({ query } as unknown as Database);
}

const FINISHED = 'r.finished_at is not null';
const PAGE = 50;

const page = (name: string, filter: object): Story => ({
  name: `run reads: ${name}`,
  single: true,
  prepare: async (scene) => () => readerOn(scene).list({ filter, limit: PAGE }),
});

export const reads: Story[] = [
  {
    name: 'run reads: one run, its steps, tasks and events',
    single: true,
    prepare: async (scene) => {
      const [runId] = await scene.runIds(`${FINISHED} and r.workflow = 'fan'`, 1);
      const reader = readerOn(scene);
      return async () => {
        await reader.get(runId!);
        await reader.steps({ runId: runId!, taskLimit: 100 });
        await reader.events({ reads: [{ runId: runId!, from: null }], limit: 100 });
        await reader.eventAt({ runId: runId!, eventId: 'none' });
      };
    },
  },
  {
    name: 'run reads: which of many ended',
    prepare: async (scene, count) => {
      const ids = await scene.runIds(FINISHED, count);
      return () => readerOn(scene).finished(ids);
    },
  },
  {
    name: 'run reads: events of many runs',
    prepare: async (scene, count) => {
      const ids = await scene.runIds(FINISHED, count);
      return () => readerOn(scene).events({ reads: ids.map((runId) => ({ runId, from: null })), limit: 100 });
    },
  },
  page('a page of all', {}),
  page('a page of a tenant', { tenantId: 'tenant-7' }),
  page('a page of a tenant and workflow', { tenantId: 'tenant-7', workflow: 'chain' }),
  page('a page of failed ones', { statuses: ['failed'] }),
  page('a page by label', { labels: { customer: '7' } }),
  {
    name: 'run reads: a count',
    single: true,
    prepare: async (scene) => () => readerOn(scene).count({ filter: { tenantId: 'tenant-7' } }),
  },
  {
    name: 'gauges',
    single: true,
    prepare: async (scene) => async () => {
      await scene.session.sql('select * from workflow.queue_depths');
      await scene.session.sql('select * from workflow.open_run_counts()');
      await scene.session.sql('select * from workflow.stuck_steps');
      await scene.session.sql('select * from workflow.worker_states');
    },
  },
];
